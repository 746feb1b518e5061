/**
 * `postgrejs` 2.23.1 through its pool, one query per connection at a time: statements that it prepares live on
 * connections of one's own, where a fast one would wait for a slow one by design.
 */
import type {PointRow, SessionOptions} from '../../peers/peer';
import type {SlowProgram} from './program';

export async function open({url, poolSize}: SessionOptions): Promise<SlowProgram> {
  const {Pool} = await import('peer-postgrejs');
  const {hostname: host, port, username: user, pathname} = new URL(url);
  const pool = new Pool({
    host,
    port: Number(port),
    user,
    database: pathname.slice(1),
    max: poolSize,
    // By default it refuses the 1001st query that waits; the others let them wait.
    maxQueue: 1_000_000,
  });
  const query = async <Row>(text: string, params: readonly unknown[]) =>
    (await pool.query<Row>(text, {params, objectRows: true})).rows ?? [];
  return {
    fast: (id) => query<PointRow>('SELECT id, name, balance FROM point_item WHERE id = $1', [id]),
    slow: () => query<{done: number}>('SELECT 1 AS done FROM pg_sleep(0.2)', []),
    either: (id, seconds) =>
      query<PointRow>(
        'SELECT id, name, balance FROM point_item, pg_sleep($2::float8) WHERE id = $1',
        [id, seconds],
      ),
    close: () => pool.close(),
  };
}
