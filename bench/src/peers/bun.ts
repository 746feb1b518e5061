/** `Bun.SQL` as it comes: prepared statements, automatic pipelining. Runs under Bun only. */
import {SQL} from 'bun';
import {only} from './peer';
import type {PointRow, Session, SessionOptions, WideRow} from './peer';

export function open({url, poolSize}: SessionOptions): Promise<Session> {
  const sql = new SQL(url, {max: poolSize});
  return Promise.resolve({
    point: (id) => sql<PointRow>`SELECT id, name, balance FROM point_item WHERE id = ${id}`,
    rows: (count) => sql<WideRow>`SELECT * FROM wide_item WHERE id <= ${count} ORDER BY id`,
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
    close: () => sql.close(),
  });
}
