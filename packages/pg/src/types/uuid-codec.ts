/** uuid as the 36 characters Postgres prints, from 16 bytes. */
import {expectLength} from './codec';
import type {Codec} from './codec';

const DIGITS = '0123456789abcdef';
/** The two hex digits of each byte. */
const HEX = Uint8Array.from({length: 512}, (_, i) => {
  const byte = i >> 1;
  return DIGITS.charCodeAt(i % 2 === 0 ? byte >> 4 : byte & 15);
});
/** Where the digits of each of the 16 bytes go; what is between them are the hyphens. */
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34] as const;
// Filled and read within one call, so sharing it is safe; the hyphens stay.
const scratch = Buffer.alloc(36, '-');

export const uuidCodec: Codec = {
  name: 'uuid',
  decodeText: (text) => text,
  decodeBinary: (buffer, start, end) => {
    expectLength('uuid', start, end, 16);
    let from = start;
    for (const place of PLACES) {
      const digits = (buffer[from++] ?? 0) * 2;
      scratch[place] = HEX[digits] ?? 0;
      scratch[place + 1] = HEX[digits + 1] ?? 0;
    }
    return scratch.toString('latin1');
  },
};
