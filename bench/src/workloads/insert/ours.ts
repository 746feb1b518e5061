/** `@databases/pg` of this repository: the objects as they are, through COPY. */
import createConnectionPool, {sql} from '@databases/pg';
import type {SessionOptions} from '../../peers/peer';
import type {InsertItem, InsertProgram} from './program';

export function open({url, poolSize}: SessionOptions): Promise<InsertProgram> {
  const db = createConnectionPool({connectionString: url, poolSize});
  return Promise.resolve({
    empty: () => db.query(sql`TRUNCATE insert_item`),
    insert: (items: readonly InsertItem[]) =>
      db.copyFrom(sql`COPY insert_item (id, name, score, happened_at, active) FROM STDIN`, items),
    close: () => db.dispose(),
  });
}
