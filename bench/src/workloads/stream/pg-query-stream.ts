/** `pg` 8.23.1 with `pg-query-stream` 4.17.0. */
import {Pool} from 'peer-pg';
import QueryStream = require('peer-pg-query-stream');
import type {SessionOptions} from '../../peers/peer';
import {batchSize} from './program';
import type {OnRow, StreamProgram, StreamRow} from './program';

export function open({url, poolSize}: SessionOptions): Promise<StreamProgram> {
  const pool = new Pool({connectionString: url, max: poolSize});
  return Promise.resolve({
    connect: () => pool.query({text: 'SELECT 1 AS one'}),
    exportRows: async (onRow: OnRow) => {
      const client = await pool.connect();
      try {
        const query = new QueryStream<StreamRow>('SELECT * FROM stream_item ORDER BY id', [], {
          highWaterMark: batchSize,
        });
        for await (const row of client.query(query)) onRow(row);
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  });
}
