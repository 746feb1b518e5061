/** `pg` 8.23.1 alone: one array per column and batch. */
import {Pool} from 'peer-pg';
import type {SessionOptions} from '../../peers/peer';
import {batches, columnsOf} from './columns';
import type {InsertItem, InsertProgram} from './program';

const text = `INSERT INTO insert_item
  SELECT * FROM unnest($1::int[], $2::text[], $3::float8[], $4::timestamptz[], $5::bool[])`;

export function open({url, poolSize}: SessionOptions): Promise<InsertProgram> {
  const pool = new Pool({connectionString: url, max: poolSize});
  return Promise.resolve({
    empty: () => pool.query({text: 'TRUNCATE insert_item'}),
    insert: async (items: readonly InsertItem[]) => {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        let count = 0;
        for (const batch of batches(items)) {
          const {ids, names, scores, times, actives} = columnsOf(batch);
          const {rowCount} = await client.query({
            text,
            values: [ids, names, scores, times, actives],
          });
          count += rowCount ?? 0;
        }
        await client.query('COMMIT');
        return count;
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  });
}
