/** `@databases/pg` of this repository: `queryStream`, which its guide shows first. */
import createConnectionPool, {sql} from '@databases/pg';
import type {SessionOptions} from '../../peers/peer';
import type {OnRow, StreamProgram} from './program';

export function open({url, poolSize}: SessionOptions): Promise<StreamProgram> {
  const db = createConnectionPool({connectionString: url, poolSize});
  return Promise.resolve({
    connect: () => db.query(sql`SELECT 1 AS one`),
    exportRows: async (onRow: OnRow) => {
      for await (const row of db.queryStream(sql`SELECT * FROM stream_item ORDER BY id`))
        onRow(row);
    },
    close: () => db.dispose(),
  });
}
