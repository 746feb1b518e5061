/** `pg` 8.23.1 with `pg-cursor` 2.22.0. */
import {Pool} from 'peer-pg';
import Cursor = require('peer-pg-cursor');
import type {SessionOptions} from '../../peers/peer';
import {batchSize} from './program';
import type {OnRow, StreamProgram, StreamRow} from './program';

export function open({url, poolSize}: SessionOptions): Promise<StreamProgram> {
  const pool = new Pool({connectionString: url, max: poolSize});
  return Promise.resolve({
    connect: () => pool.query({text: 'SELECT 1 AS one'}),
    exportRows: async (onRow: OnRow) => {
      const client = await pool.connect();
      const cursor = client.query(new Cursor<StreamRow>('SELECT * FROM stream_item ORDER BY id'));
      try {
        for (;;) {
          const rows = await cursor.read(batchSize);
          if (rows.length === 0) return;
          for (const row of rows) onRow(row);
        }
      } finally {
        await cursor.close();
        client.release();
      }
    },
    close: () => pool.end(),
  });
}
