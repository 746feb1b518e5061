/** `pg` 8.23.1 with `pipeline: true`: BEGIN, the statements and COMMIT without waiting in between. */
import {Client} from 'peer-pg';
import {only} from '../../peers/peer';
import type {SessionOptions} from '../../peers/peer';
import {statements} from '../../peers/pg-statements';
import type {TransferProgram} from './program';

export async function open({url, poolSize}: SessionOptions): Promise<TransferProgram> {
  const clients = Array.from(
    {length: poolSize},
    () => new Client({connectionString: url, pipeline: true}),
  );
  await Promise.all(clients.map((client) => client.connect()));
  const [balance, name, add, note, count] = statements(true).transfer;
  return {
    // Each transfer has the client of its ledger to itself: no more are in flight than there are.
    transfer: async (id) => {
      const client = clients[id % clients.length];
      if (client === undefined) throw new Error('a pool of no clients');
      const [, , , updated] = await Promise.all([
        client.query('BEGIN'),
        client.query(balance(id)),
        client.query(name(id)),
        client.query<{balance: number}>(add(id)),
        client.query(note(id)),
        client.query(count(id)),
        client.query('COMMIT'),
      ]);
      return only(updated.rows).balance;
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}
