/** The short way of text in ASCII that is not long, and of uuid. */
import {NOT_TAKEN} from './direct-encoder';
import type {DirectEncoder} from './direct-encoder';

// From here on the call into C++ that `utf8Write` is costs less than a loop.
const SHORT_TEXT_LENGTH = 40;
/** Of one unit of UTF-16, surrogates left out. */
const MOST_BYTES = 3;

export const directText: DirectEncoder = {
  name: 'text',
  mostBytes: SHORT_TEXT_LENGTH * MOST_BYTES,
  write: (memory, at, value) => {
    if (typeof value !== 'string') return NOT_TAKEN;
    const {length} = value;
    if (length > SHORT_TEXT_LENGTH) return NOT_TAKEN;
    const start = at + 4;
    /** Below 0 if one of them is NUL. */
    let seen = 0;
    let i = 0;
    // Two at a time: looking which kind of string it is takes longer than the character.
    for (; i < length - 1; i += 2) {
      const first = value.charCodeAt(i);
      const second = value.charCodeAt(i + 1);
      if ((first | second) > 0x7f) return writeWide(memory, at, value, i, seen);
      seen |= (first - 1) | (second - 1);
      memory.setUint8(start + i, first);
      memory.setUint8(start + i + 1, second);
    }
    if (i < length) {
      const last = value.charCodeAt(i);
      if (last > 0x7f) return writeWide(memory, at, value, i, seen);
      seen |= last - 1;
      memory.setUint8(start + i, last);
    }
    if (seen < 0) return NOT_TAKEN;
    memory.setInt32(at, length);
    return start + length;
  },
};

/** Text of which the characters in front of `from` are written, and are ASCII. Surrogates are not taken. */
function writeWide(
  memory: DataView,
  at: number,
  text: string,
  from: number,
  seenBefore: number,
): number {
  let seen = seenBefore;
  let end = at + 4 + from;
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    seen |= code - 1;
    if (code <= 0x7f) memory.setUint8(end++, code);
    else if (code <= 0x7ff) {
      memory.setUint16(end, 0xc080 | ((code & 0x7c0) << 2) | (code & 0x3f));
      end += 2;
    } else {
      if (code >= 0xd800 && code <= 0xdfff) return NOT_TAKEN;
      memory.setUint8(end, 0xe0 | (code >> 12));
      memory.setUint16(end + 1, 0x8080 | ((code & 0xfc0) << 2) | (code & 0x3f));
      end += 3;
    }
  }
  if (seen < 0) return NOT_TAKEN;
  memory.setInt32(at, end - at - 4);
  return end;
}

const UUID_LENGTH = 36;
const HYPHEN = 0x2d;
/** The value of a hex digit by its character; any bit above the lowest four: it is none. */
const NO_DIGIT = 0x10;
const DIGITS = Uint8Array.from({length: 128}, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(digit) ? NO_DIGIT : digit;
});
/** Where in the text each of the 16 bytes begins. */
const UUID_BYTES = Uint8Array.of(0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34);

/** In the usual form only: 8-4-4-4-12 digits. */
export const directUuid: DirectEncoder = {
  name: 'uuid',
  mostBytes: 16,
  write: (memory, at, value) => {
    if (typeof value !== 'string' || value.length !== UUID_LENGTH) return NOT_TAKEN;
    let seen = 0;
    for (let i = 0; i < 16; i++) {
      const place = UUID_BYTES[i] ?? 0;
      const high = DIGITS[value.charCodeAt(place)] ?? NO_DIGIT;
      const low = DIGITS[value.charCodeAt(place + 1)] ?? NO_DIGIT;
      seen |= high | low;
      memory.setUint8(at + 4 + i, (high << 4) | low);
    }
    const hasHyphens =
      value.charCodeAt(8) === HYPHEN &&
      value.charCodeAt(13) === HYPHEN &&
      value.charCodeAt(18) === HYPHEN &&
      value.charCodeAt(23) === HYPHEN;
    if ((seen & NO_DIGIT) !== 0 || !hasHyphens) return NOT_TAKEN;
    memory.setInt32(at, 16);
    return at + 20;
  },
};
