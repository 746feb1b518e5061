/** `pg` 8.23.1 with `pg-copy-streams` 7.0.0: COPY in text form. */
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {Pool} from 'peer-pg';
import {from as copyFrom} from 'peer-pg-copy-streams';
import type {SessionOptions} from '../../peers/peer';
import {copyText} from './copy-text';
import type {InsertItem, InsertProgram} from './program';

const statement = 'COPY insert_item (id, name, score, happened_at, active) FROM STDIN';

export function open({url, poolSize}: SessionOptions): Promise<InsertProgram> {
  const pool = new Pool({connectionString: url, max: poolSize});
  return Promise.resolve({
    empty: () => pool.query({text: 'TRUNCATE insert_item'}),
    insert: async (items: readonly InsertItem[]) => {
      const client = await pool.connect();
      try {
        const sink = client.query(copyFrom(statement));
        await pipeline(Readable.from(copyText(items)), sink);
        return sink.rowCount;
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  });
}
