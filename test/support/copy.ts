/** Tables and sources for tests of COPY. */
import {sql} from '@databases/pg';
import type {Queryable, SQLQuery} from '@databases/pg';

let tables = 0;

export interface NumbersTable {
  readonly name: SQLQuery;
  readonly into: SQLQuery;
  readonly count: () => Promise<number>;
}

/** A table (n INT PRIMARY KEY, word TEXT) and the COPY that fills it. */
export async function numbersTable(db: Queryable): Promise<NumbersTable> {
  const name = sql.ident(`numbers${++tables}`);
  await db.query(sql`CREATE TABLE ${name} (n INT PRIMARY KEY, word TEXT)`);
  const count = async (): Promise<number> => {
    const [row] = await db.query(sql`SELECT count(*)::int AS count FROM ${name}`);
    return row.count;
  };
  return {name, into: sql`COPY ${name} (n, word) FROM STDIN`, count};
}

/** Rows of it: [1, 'word 1'] and so on. */
export function* numbered(count: number): Generator<[number, string]> {
  for (let n = 1; n <= count; n++) yield [n, `word ${n}`];
}
