/** What a real server said in each conversation, as recorded by corpus/record.process.ts. */
import {readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {conversationNames} from '#conversations';

// From test/dist, where this runs, to the sources, where the recordings are.
const CORPUS = resolve(__dirname, '../../../adversity/corpus');
export const CONVERSATIONS_FOLDER = join(CORPUS, 'conversations');
export const FAILURES_FOLDER = join(CORPUS, 'failures');

export interface Recording {
  readonly name: string;
  readonly bytes: Buffer;
  /** The messages of it. */
  readonly frames: readonly Buffer[];
}

export function readRecordings(): Recording[] {
  return conversationNames.map((name) => {
    const bytes = readFileSync(join(CONVERSATIONS_FOLDER, `${name}.bin`));
    return {name, bytes, frames: framesOf(bytes)};
  });
}

function framesOf(bytes: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + bytes.readInt32BE(at + 1);
    frames.push(bytes.subarray(at, end));
    at = end;
  }
  return frames;
}
