/** As many connections as a peer would have, used in turn. */
import {FloorConnection} from './connection';

export interface FloorConnections {
  next(): FloorConnection;
  at(index: number): FloorConnection;
  close(): Promise<void>;
}

export async function openFloor(url: string, count: number): Promise<FloorConnections> {
  const connections = await Promise.all(
    Array.from({length: count}, () => FloorConnection.open(url)),
  );
  let turn = 0;
  const at = (index: number): FloorConnection => {
    const connection = connections[index % connections.length];
    if (connection === undefined) throw new Error('no connections');
    return connection;
  };
  return {
    next: () => at(turn++),
    at,
    close: async () => {
      await Promise.all(connections.map((connection) => connection.close()));
    },
  };
}
