/** `postgres` (postgres.js) 3.4.9 as it comes: prepared statements, implicit pipelining. */
import postgres = require('peer-postgres');
import type {SessionOptions} from '../../peers/peer';
import type {SlowProgram} from './program';

export function open({url, poolSize}: SessionOptions): Promise<SlowProgram> {
  const sql = postgres(url, {max: poolSize});
  return Promise.resolve({
    fast: (id) => sql`SELECT id, name, balance FROM point_item WHERE id = ${id}`,
    slow: () => sql`SELECT 1 AS done FROM pg_sleep(0.2)`,
    either: (id, seconds) =>
      sql`SELECT id, name, balance FROM point_item, pg_sleep(${seconds}::float8) WHERE id = ${id}`,
    close: () => sql.end(),
  });
}
