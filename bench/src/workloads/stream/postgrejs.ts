/** `postgrejs` 2.23.1: its cursor, a batch at a time. */
import type {SessionOptions} from '../../peers/peer';
import {batchSize} from './program';
import type {OnRow, StreamProgram, StreamRow} from './program';

export async function open({url}: SessionOptions): Promise<StreamProgram> {
  const {Connection} = await import('peer-postgrejs');
  const connection = new Connection(url);
  await connection.connect();
  return {
    connect: () => connection.query('SELECT 1 AS one'),
    exportRows: async (onRow: OnRow) => {
      const {cursor} = await connection.query<StreamRow>('SELECT * FROM stream_item ORDER BY id', {
        cursor: true,
        objectRows: true,
        fetchCount: batchSize,
      });
      if (cursor === undefined) throw new Error('there is no cursor');
      for (;;) {
        const rows = await cursor.fetch(batchSize);
        for (const row of rows) onRow(row);
        if (rows.length < batchSize) break;
      }
      await cursor.close();
    },
    close: () => connection.close(),
  };
}
