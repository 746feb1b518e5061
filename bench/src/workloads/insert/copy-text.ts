/**
 * Rows in the text format of COPY (docs of COPY, "Text Format"), for the clients that stream bytes and leave
 * the format to the program.
 */
import type {InsertItem} from './program';

// A stream of small chunks costs more than the rows in them.
const chunkLength = 65_536;

/** In chunks of about 64 KB, cut between rows. */
export function* copyText(items: Iterable<InsertItem>): Generator<string> {
  let chunk = '';
  for (const {id, name, score, happened_at: happenedAt, active} of items) {
    chunk += `${id}\t${escape(name)}\t${score}\t${happenedAt.toISOString()}\t${active ? 't' : 'f'}\n`;
    if (chunk.length >= chunkLength) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}

const special = /[\\\n\r\t]/;
const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function escape(text: string): string {
  if (!special.test(text)) return text;
  return text.replaceAll(/[\\\n\r\t]/g, (character) => escapes[character] ?? character);
}
