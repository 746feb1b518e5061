/** `postgres` (postgres.js) 3.4.9 as it comes: prepared statements, implicit pipelining. */
import postgres = require('peer-postgres');
import {only} from './peer';
import type {Session, SessionOptions} from './peer';

export function open({url, poolSize}: SessionOptions): Promise<Session> {
  const sql = postgres(url, {max: poolSize});
  return Promise.resolve({
    point: (id) => sql`SELECT id, name, balance FROM point_item WHERE id = ${id}`,
    rows: (count) => sql`SELECT * FROM wide_item WHERE id <= ${count} ORDER BY id`,
    transfer: (id) =>
      sql.begin(async (tx) => {
        await tx`SELECT balance FROM ledger WHERE id = ${id}`;
        await tx`SELECT name FROM point_item WHERE id = ${id}`;
        const updated = await tx<{
          balance: number;
        }>`UPDATE ledger SET balance = balance + 1 WHERE id = ${id} RETURNING balance`;
        await tx`INSERT INTO transfer (ledger_id, amount) VALUES (${id}, ${1})`;
        await tx`UPDATE ledger_count SET count = count + 1 WHERE id = ${id}`;
        return only(updated).balance;
      }),
    close: () => sql.end(),
  });
}
