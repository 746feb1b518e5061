/** `postgres` (postgres.js) 3.4.9: its cursor, as an async iterable of batches. */
import postgres = require('peer-postgres');
import type {SessionOptions} from '../../peers/peer';
import {batchSize} from './program';
import type {OnRow, StreamProgram, StreamRow} from './program';

export function open({url, poolSize}: SessionOptions): Promise<StreamProgram> {
  const sql = postgres(url, {max: poolSize});
  return Promise.resolve({
    connect: () => sql`SELECT 1 AS one`,
    exportRows: async (onRow: OnRow) => {
      const query = sql<StreamRow>`SELECT * FROM stream_item ORDER BY id`;
      for await (const rows of query.cursor(batchSize)) for (const row of rows) onRow(row);
    },
    close: () => sql.end(),
  });
}
