/** The published `@databases/pg` 6.1.0, which runs on `pg` and `pg-cursor`. */
import createConnectionPool, {sql} from 'peer-databases-pg';
import type {SessionOptions} from '../../peers/peer';
import {batchSize} from './program';
import type {OnRow, StreamProgram, StreamRow} from './program';

export function open({url, poolSize}: SessionOptions): Promise<StreamProgram> {
  const db = createConnectionPool({connectionString: url, poolSize, bigIntMode: 'number'});
  return Promise.resolve({
    connect: () => db.query(sql`SELECT 1 AS one`),
    exportRows: async (onRow: OnRow) => {
      const query = sql`SELECT * FROM stream_item ORDER BY id`;
      for await (const row of db.queryStream<StreamRow>(query, {batchSize})) onRow(row);
    },
    close: () => db.dispose(),
  });
}
