/** The floor (floor/connection.ts): a socket and what reads it. */
import {openFloor} from '../../floor/connections';
import {FloorStatement} from '../../floor/statement';
import type {IdleConnections} from './idle-connections';

const one = new FloorStatement<{one: number}>('one', 'SELECT 1 AS one');

export async function openIdle(url: string, count: number): Promise<IdleConnections> {
  const connections = await openFloor(url, count);
  await Promise.all(Array.from({length: count}, (_, index) => one.run(connections.at(index), [])));
  return {
    ask: () => one.run(connections.next(), []),
    close: () => connections.close(),
  };
}
