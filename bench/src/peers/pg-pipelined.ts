/**
 * `pg` 8.23.1 with `pipeline: true` and named statements: what a program can reach with it by hand.
 *
 * Its pool runs one query per connection at a time, so pipelining takes clients of one's own, used in turn.
 * A transaction is safe on such a client only while nobody else uses it: client `id`, with at most as many
 * transactions in flight as there are clients, and ids that follow each other.
 */
import {Client} from 'peer-pg';
import type {PointRow, Session, SessionOptions, WideRow} from './peer';
import {statements, transfer} from './pg-statements';

export async function open({url, poolSize}: SessionOptions): Promise<Session> {
  const clients = Array.from(
    {length: poolSize},
    () => new Client({connectionString: url, pipeline: true}),
  );
  await Promise.all(clients.map((client) => client.connect()));
  const query = statements(true);
  let turn = 0;
  const at = (index: number): Client => {
    const client = clients[index % clients.length];
    if (client === undefined) throw new Error('a pool of no clients');
    return client;
  };
  const next = () => at(turn++);
  return {
    point: async (id) => (await next().query<PointRow>(query.point(id))).rows,
    rows: async (count) => (await next().query<WideRow>(query.rows(count))).rows,
    transfer: (id) => transfer(at(id), query.transfer, id),
    close: async () => {
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}
