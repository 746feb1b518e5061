/** uuid as the 36 characters Postgres prints, from 16 bytes. */
import {viewOf} from './byte-view';
import {expectLength} from './codec';
import type {Codec} from './codec';

const DIGITS = Buffer.from('0123456789abcdef');
const HIGH = Uint8Array.from({length: 256}, (_, byte) => DIGITS[byte >> 4] ?? 0);
const LOW = Uint8Array.from({length: 256}, (_, byte) => DIGITS[byte & 15] ?? 0);
const HYPHEN = 0x2d;

// One call with all 36 codes: half the time of filling a buffer and reading it, or of joining pieces.
function readUuid(buffer: Buffer, start: number, end: number): string {
  expectLength('uuid', start, end, 16);
  const view = viewOf(buffer);
  const a = view.getInt32(start);
  const b = view.getInt32(start + 4);
  const c = view.getInt32(start + 8);
  const d = view.getInt32(start + 12);
  return String.fromCharCode(
    HIGH[a >>> 24] ?? 0,
    LOW[a >>> 24] ?? 0,
    HIGH[(a >>> 16) & 255] ?? 0,
    LOW[(a >>> 16) & 255] ?? 0,
    HIGH[(a >>> 8) & 255] ?? 0,
    LOW[(a >>> 8) & 255] ?? 0,
    HIGH[a & 255] ?? 0,
    LOW[a & 255] ?? 0,
    HYPHEN,
    HIGH[b >>> 24] ?? 0,
    LOW[b >>> 24] ?? 0,
    HIGH[(b >>> 16) & 255] ?? 0,
    LOW[(b >>> 16) & 255] ?? 0,
    HYPHEN,
    HIGH[(b >>> 8) & 255] ?? 0,
    LOW[(b >>> 8) & 255] ?? 0,
    HIGH[b & 255] ?? 0,
    LOW[b & 255] ?? 0,
    HYPHEN,
    HIGH[c >>> 24] ?? 0,
    LOW[c >>> 24] ?? 0,
    HIGH[(c >>> 16) & 255] ?? 0,
    LOW[(c >>> 16) & 255] ?? 0,
    HYPHEN,
    HIGH[(c >>> 8) & 255] ?? 0,
    LOW[(c >>> 8) & 255] ?? 0,
    HIGH[c & 255] ?? 0,
    LOW[c & 255] ?? 0,
    HIGH[d >>> 24] ?? 0,
    LOW[d >>> 24] ?? 0,
    HIGH[(d >>> 16) & 255] ?? 0,
    LOW[(d >>> 16) & 255] ?? 0,
    HIGH[(d >>> 8) & 255] ?? 0,
    LOW[(d >>> 8) & 255] ?? 0,
    HIGH[d & 255] ?? 0,
    LOW[d & 255] ?? 0,
  );
}

export const uuidCodec: Codec = {
  name: 'uuid',
  decodeText: (text) => text,
  decodeBinary: readUuid,
};
