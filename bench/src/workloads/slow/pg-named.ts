/** `pg` 8.23.1 through its pool, with named prepared statements. */
import {Pool} from 'peer-pg';
import type {PointRow, SessionOptions} from '../../peers/peer';
import type {SlowProgram} from './program';

const fast = 'SELECT id, name, balance FROM point_item WHERE id = $1';
const slow = 'SELECT 1 AS done FROM pg_sleep(0.2)';
const either = 'SELECT id, name, balance FROM point_item, pg_sleep($2::float8) WHERE id = $1';

export function open({url, poolSize}: SessionOptions): Promise<SlowProgram> {
  const pool = new Pool({connectionString: url, max: poolSize});
  const query = async <Row>(name: string, text: string, values: readonly unknown[]) =>
    (await pool.query<Row>({name, text, values})).rows;
  return Promise.resolve({
    fast: (id) => query<PointRow>('fast', fast, [id]),
    slow: () => query<{done: number}>('slow', slow, []),
    either: (id, seconds) => query<PointRow>('either', either, [id, seconds]),
    close: () => pool.end(),
  });
}
