/** `postgres` (postgres.js) 3.4.9: COPY in text form; its helper for many rows took several times as long. */
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import postgres = require('peer-postgres');
import type {SessionOptions} from '../../peers/peer';
import {copyText} from './copy-text';
import type {InsertItem, InsertProgram} from './program';

export function open({url, poolSize}: SessionOptions): Promise<InsertProgram> {
  const sql = postgres(url, {max: poolSize});
  return Promise.resolve({
    empty: () => sql`TRUNCATE insert_item`,
    insert: async (items: readonly InsertItem[]) => {
      const sink =
        await sql`COPY insert_item (id, name, score, happened_at, active) FROM STDIN`.writable();
      await pipeline(Readable.from(copyText(items)), sink);
      // Its stream does not tell how many rows the server has stored.
      return items.length;
    },
    close: () => sql.end(),
  });
}
