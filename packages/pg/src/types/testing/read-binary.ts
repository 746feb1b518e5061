/** For tests: reads a binary value the way a row decoder does, from the middle of a larger buffer. */
import type {Codec} from '../codec';

const BEFORE = Buffer.from([0xff, 0x31, 0x00]);
const AFTER = Buffer.from([0xff, 0x32, 0x00]);

/** The value of `bytes`; bytes around it would show a decoder that reads too far. */
export function readBinary(codec: Codec | undefined, bytes: Buffer | string): unknown {
  if (codec?.decodeBinary === undefined) throw new Error('this codec has no binary form');
  const value = typeof bytes === 'string' ? Buffer.from(bytes.replaceAll(' ', ''), 'hex') : bytes;
  const buffer = Buffer.concat([BEFORE, value, AFTER]);
  const decoded = codec.decodeBinary(buffer, BEFORE.length, BEFORE.length + value.length);
  // A decoder that kept a view would now show it.
  buffer.fill(0xee);
  return decoded;
}
