/** The published `@databases/pg` 6.1.0: one array per column, the way of its documentation for many rows. */
import createConnectionPool, {sql} from 'peer-databases-pg';
import type {SessionOptions} from '../../peers/peer';
import {columnsOf} from './columns';
import type {InsertItem, InsertProgram} from './program';

export function open({url, poolSize}: SessionOptions): Promise<InsertProgram> {
  const db = createConnectionPool({connectionString: url, poolSize, bigIntMode: 'number'});
  return Promise.resolve({
    empty: () => db.query(sql`TRUNCATE insert_item`),
    insert: async (items: readonly InsertItem[]) => {
      const {ids, names, scores, times, actives} = columnsOf(items);
      const rows = await db.query<{count: number}>(sql`
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
      return rows[0]?.count ?? 0;
    },
    close: () => db.dispose(),
  });
}
