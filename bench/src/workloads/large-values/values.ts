/** The values of 1 MB, as the client makes them and as the table holds them. */
import type {ConnectionPool} from '@databases/pg';

export const valueBytes = 1_048_576;

const sentence = 'It was the best of times, it was the worst of times. ';
// Two, three and four bytes per character, between words of ASCII as in most languages but a few.
const mixed = 'Grüße, ça va? Привет, мир. 日本語の文章 and some 🎉 in between; ';

export const ascii = cut(sentence);
export const unicode = cut(mixed);
export const bytes = pseudoRandomBytes();

/** As many repetitions as fit; the rest of the value is spaces. */
function cut(text: string): string {
  const size = Buffer.byteLength(text);
  const count = Math.floor(valueBytes / size);
  return text.repeat(count) + ' '.repeat(valueBytes - count * size);
}

/** The same in every process. */
function pseudoRandomBytes(): Buffer {
  const buffer = Buffer.alloc(valueBytes);
  let state = 1;
  for (let index = 0; index < valueBytes; index++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    buffer[index] = state >>> 16;
  }
  return buffer;
}

/** Uncompressed, so that the server's part is copying. */
export async function createLargeValues(db: ConnectionPool): Promise<void> {
  await db.query(db.sql`
    CREATE TABLE large_value (id int PRIMARY KEY, bytes bytea, ascii text, unicode text);
    ALTER TABLE large_value ALTER bytes SET STORAGE EXTERNAL, ALTER ascii SET STORAGE EXTERNAL,
      ALTER unicode SET STORAGE EXTERNAL
  `);
  await db.query(db.sql`INSERT INTO large_value VALUES (1, ${bytes}, ${ascii}, ${unicode})`);
}
