/** The published `@databases/pg` 6.1.0, which runs on `pg`. */
import createConnectionPool, {sql} from 'peer-databases-pg';
import {only} from './peer';
import type {Session, SessionOptions} from './peer';

export function open({url, poolSize}: SessionOptions): Promise<Session> {
  const db = createConnectionPool({connectionString: url, poolSize, bigIntMode: 'number'});
  return Promise.resolve({
    point: (id) => db.query(sql`SELECT id, name, balance FROM point_item WHERE id = ${id}`),
    rows: (count) => db.query(sql`SELECT * FROM wide_item WHERE id <= ${count} ORDER BY id`),
    transfer: (id) =>
      db.tx(async (tx) => {
        await tx.query(sql`SELECT balance FROM ledger WHERE id = ${id}`);
        await tx.query(sql`SELECT name FROM point_item WHERE id = ${id}`);
        const updated = await tx.query<{balance: number}>(
          sql`UPDATE ledger SET balance = balance + 1 WHERE id = ${id} RETURNING balance`,
        );
        await tx.query(sql`INSERT INTO transfer (ledger_id, amount) VALUES (${id}, ${1})`);
        await tx.query(sql`UPDATE ledger_count SET count = count + 1 WHERE id = ${id}`);
        return only(updated).balance;
      }),
    close: () => db.dispose(),
  });
}
