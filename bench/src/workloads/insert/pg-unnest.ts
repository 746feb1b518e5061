/** `pg` 8.23.1 alone: one array per column. */
import {Pool} from 'peer-pg';
import type {SessionOptions} from '../../peers/peer';
import {columnsOf} from './columns';
import type {InsertItem, InsertProgram} from './program';

const text = `INSERT INTO insert_item
  SELECT * FROM unnest($1::int[], $2::text[], $3::float8[], $4::timestamptz[], $5::bool[])`;

export function open({url, poolSize}: SessionOptions): Promise<InsertProgram> {
  const pool = new Pool({connectionString: url, max: poolSize});
  return Promise.resolve({
    empty: () => pool.query({text: 'TRUNCATE insert_item'}),
    insert: async (items: readonly InsertItem[]) => {
      const {ids, names, scores, times, actives} = columnsOf(items);
      const values = [ids, names, scores, times, actives];
      const {rowCount} = await pool.query({text, values});
      return rowCount ?? 0;
    },
    close: () => pool.end(),
  });
}
