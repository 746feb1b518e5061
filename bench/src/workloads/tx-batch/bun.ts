/** `Bun.SQL`: `begin` with a list of queries, which it sends without waiting in between. Runs under Bun only. */
import {SQL} from 'bun';
import {only} from '../../peers/peer';
import type {SessionOptions} from '../../peers/peer';
import type {TransferProgram} from './program';

export function open({url, poolSize}: SessionOptions): Promise<TransferProgram> {
  const sql = new SQL(url, {max: poolSize});
  return Promise.resolve({
    transfer: (id) =>
      sql.begin(async (tx) => {
        const [, , updated] = await Promise.all([
          tx`SELECT balance FROM ledger WHERE id = ${id}`,
          tx`SELECT name FROM point_item WHERE id = ${id}`,
          tx<{balance: number}>`
            UPDATE ledger SET balance = balance + 1 WHERE id = ${id} RETURNING balance
          `,
          tx`INSERT INTO transfer (ledger_id, amount) VALUES (${id}, ${1})`,
          tx`UPDATE ledger_count SET count = count + 1 WHERE id = ${id}`,
        ]);
        return only(updated).balance;
      }),
    close: () => sql.close(),
  });
}
