/** `Bun.SQL`, which has no COPY: its helper for many rows. Runs under Bun only. */
import {SQL} from 'bun';
import type {SessionOptions} from '../../peers/peer';
import {batches} from './columns';
import type {InsertItem, InsertProgram} from './program';

// 5 parameters each, of at most 65,535 in a statement.
const rowsPerStatement = 10_000;

export function open({url, poolSize}: SessionOptions): Promise<InsertProgram> {
  const sql = new SQL(url, {max: poolSize});
  return Promise.resolve({
    empty: () => sql`TRUNCATE insert_item`,
    insert: async (items: readonly InsertItem[]) => {
      let count = 0;
      for (const batch of batches(items, rowsPerStatement)) {
        const stored = await sql`INSERT INTO insert_item ${sql(batch)}`;
        count += stored.count;
      }
      return count;
    },
    close: () => sql.close(),
  });
}
