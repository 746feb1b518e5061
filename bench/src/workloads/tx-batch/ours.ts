/** `@databases/pg` of this repository: `query` with a list is one transaction and one round trip. */
import createConnectionPool, {sql} from '@databases/pg';
import {only} from '../../peers/peer';
import type {SessionOptions} from '../../peers/peer';
import type {TransferProgram} from './program';

export function open({url, poolSize}: SessionOptions): Promise<TransferProgram> {
  const db = createConnectionPool({connectionString: url, poolSize});
  return Promise.resolve({
    transfer: async (id) => {
      const [, , updated = []]: {balance: number}[][] = await db.query([
        sql`SELECT balance FROM ledger WHERE id = ${id}`,
        sql`SELECT name FROM point_item WHERE id = ${id}`,
        sql`UPDATE ledger SET balance = balance + 1 WHERE id = ${id} RETURNING balance`,
        sql`INSERT INTO transfer (ledger_id, amount) VALUES (${id}, ${1})`,
        sql`UPDATE ledger_count SET count = count + 1 WHERE id = ${id}`,
      ]);
      return only(updated).balance;
    },
    close: () => db.dispose(),
  });
}
