/** The published `@databases/pg` 6.1.0: one array per column and batch, the way of its documentation for many rows. */
import createConnectionPool, {sql} from 'peer-databases-pg';
import {only} from '../../peers/peer';
import type {SessionOptions} from '../../peers/peer';
import {batches, columnsOf} from './columns';
import type {InsertItem, InsertProgram} from './program';

export function open({url, poolSize}: SessionOptions): Promise<InsertProgram> {
  const db = createConnectionPool({connectionString: url, poolSize, bigIntMode: 'number'});
  return Promise.resolve({
    empty: () => db.query(sql`TRUNCATE insert_item`),
    insert: (items: readonly InsertItem[]) =>
      db.tx(async (tx) => {
        let count = 0;
        for (const batch of batches(items)) {
          const {ids, names, scores, times, actives} = columnsOf(batch);
          const rows = await tx.query<{count: number}>(sql`
            WITH stored AS (
              INSERT INTO insert_item
              SELECT * FROM unnest(
                ${ids}::int[], ${names}::text[], ${scores}::float8[], ${times}::timestamptz[],
                ${actives}::bool[]
              )
              RETURNING 1
            )
            SELECT count(*)::int AS count FROM stored
          `);
          count += only(rows).count;
        }
        return count;
      }),
    close: () => db.dispose(),
  });
}
