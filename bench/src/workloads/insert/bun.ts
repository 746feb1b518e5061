/** `Bun.SQL`, which has no COPY: its helper for many rows. Runs under Bun only. */
import {SQL} from 'bun';
import type {SessionOptions} from '../../peers/peer';
import {batches} from './columns';
import type {InsertItem, InsertProgram} from './program';

export function open({url, poolSize}: SessionOptions): Promise<InsertProgram> {
  const sql = new SQL(url, {max: poolSize});
  return Promise.resolve({
    empty: () => sql`TRUNCATE insert_item`,
    insert: (items: readonly InsertItem[]) =>
      sql.begin(async (tx) => {
        let count = 0;
        for (const batch of batches(items)) {
          const stored = await tx`INSERT INTO insert_item ${tx(batch)}`;
          count += stored.count;
        }
        return count;
      }),
    close: () => sql.close(),
  });
}
