/** `@databases/pg` of this repository. */
import createConnectionPool, {sql} from '@databases/pg';
import type {SessionOptions} from '../../peers/peer';
import type {SlowProgram} from './program';

export function open({url, poolSize}: SessionOptions): Promise<SlowProgram> {
  const db = createConnectionPool({connectionString: url, poolSize});
  return Promise.resolve({
    fast: (id) => db.query(sql`SELECT id, name, balance FROM point_item WHERE id = ${id}`),
    slow: () => db.query(sql`SELECT 1 AS done FROM pg_sleep(0.2)`),
    either: (id, seconds) =>
      db.query(
        sql`SELECT id, name, balance FROM point_item, pg_sleep(${seconds}::float8) WHERE id = ${id}`,
      ),
    close: () => db.dispose(),
  });
}
