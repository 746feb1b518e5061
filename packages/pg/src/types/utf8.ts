/**
 * The one place where bytes become a string.
 *
 * Invariants: the result does not keep the buffer alive; bytes are taken as UTF-8, because client_encoding is
 * UTF8 in every session of this package.
 *
 * Short ASCII is built from its codes: the call into V8's decoder costs more than that up to about 12 bytes
 * (measured on Node 20: 28 ns against 88 at 4 bytes, 35 against 89 at 12). One call takes all codes at once,
 * because concatenation builds a rope that the program's first comparison has to flatten.
 */

import {LARGE_BYTES, readLargeUtf8} from './large-utf8';

/** Decodes the UTF-8 in `buffer` from `start` up to `end`. */
export function readUtf8(buffer: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length > SHORT_BYTES) {
    return length < LARGE_BYTES ? sliceUtf8(buffer, start, end) : readLargeUtf8(buffer, start, end);
  }
  return readShortAscii(buffer, start, length) ?? sliceUtf8(buffer, start, end);
}

// `toString` looks at its arguments, finds the decoder by name and then makes this call. It is no documented
// method, so where a runtime is without it that is what is left.
const ownSlice = slicesItself(Buffer.prototype) ? Buffer.prototype.utf8Slice : undefined;

function slicesItself(
  prototype: Buffer,
): prototype is Buffer & {utf8Slice: (this: Buffer, start: number, end: number) => string} {
  return 'utf8Slice' in prototype;
}

function sliceUtf8(buffer: Buffer, start: number, end: number): string {
  return ownSlice !== undefined && end <= buffer.length
    ? ownSlice.call(buffer, start, end)
    : buffer.toString('utf8', start, end);
}

const SHORT_BYTES = 12;
const code = String.fromCharCode;

// A byte that is not there counts as not ASCII, which leaves it to toString to clamp.
function readShortAscii(buffer: Buffer, s: number, length: number): string | undefined {
  switch (length) {
    case 0:
      return '';
    case 1: {
      const a = buffer[s] ?? 128;
      return a < 128 ? code(a) : undefined;
    }
    case 2: {
      const a = buffer[s] ?? 128,
        b = buffer[s + 1] ?? 128;
      return (a | b) < 128 ? code(a, b) : undefined;
    }
    case 3: {
      const a = buffer[s] ?? 128,
        b = buffer[s + 1] ?? 128,
        c = buffer[s + 2] ?? 128;
      return (a | b | c) < 128 ? code(a, b, c) : undefined;
    }
    case 4: {
      const a = buffer[s] ?? 128,
        b = buffer[s + 1] ?? 128,
        c = buffer[s + 2] ?? 128,
        d = buffer[s + 3] ?? 128;
      return (a | b | c | d) < 128 ? code(a, b, c, d) : undefined;
    }
    case 5: {
      const a = buffer[s] ?? 128,
        b = buffer[s + 1] ?? 128,
        c = buffer[s + 2] ?? 128,
        d = buffer[s + 3] ?? 128,
        e = buffer[s + 4] ?? 128;
      return (a | b | c | d | e) < 128 ? code(a, b, c, d, e) : undefined;
    }
    case 6: {
      const a = buffer[s] ?? 128,
        b = buffer[s + 1] ?? 128,
        c = buffer[s + 2] ?? 128,
        d = buffer[s + 3] ?? 128,
        e = buffer[s + 4] ?? 128,
        f = buffer[s + 5] ?? 128;
      return (a | b | c | d | e | f) < 128 ? code(a, b, c, d, e, f) : undefined;
    }
    case 7: {
      const a = buffer[s] ?? 128,
        b = buffer[s + 1] ?? 128,
        c = buffer[s + 2] ?? 128,
        d = buffer[s + 3] ?? 128,
        e = buffer[s + 4] ?? 128,
        f = buffer[s + 5] ?? 128,
        g = buffer[s + 6] ?? 128;
      return (a | b | c | d | e | f | g) < 128 ? code(a, b, c, d, e, f, g) : undefined;
    }
    case 8: {
      const a = buffer[s] ?? 128,
        b = buffer[s + 1] ?? 128,
        c = buffer[s + 2] ?? 128,
        d = buffer[s + 3] ?? 128,
        e = buffer[s + 4] ?? 128,
        f = buffer[s + 5] ?? 128,
        g = buffer[s + 6] ?? 128,
        h = buffer[s + 7] ?? 128;
      return (a | b | c | d | e | f | g | h) < 128 ? code(a, b, c, d, e, f, g, h) : undefined;
    }
    case 9: {
      const a = buffer[s] ?? 128,
        b = buffer[s + 1] ?? 128,
        c = buffer[s + 2] ?? 128,
        d = buffer[s + 3] ?? 128,
        e = buffer[s + 4] ?? 128,
        f = buffer[s + 5] ?? 128,
        g = buffer[s + 6] ?? 128,
        h = buffer[s + 7] ?? 128,
        i = buffer[s + 8] ?? 128;
      return (a | b | c | d | e | f | g | h | i) < 128
        ? code(a, b, c, d, e, f, g, h, i)
        : undefined;
    }
    case 10: {
      const a = buffer[s] ?? 128,
        b = buffer[s + 1] ?? 128,
        c = buffer[s + 2] ?? 128,
        d = buffer[s + 3] ?? 128,
        e = buffer[s + 4] ?? 128,
        f = buffer[s + 5] ?? 128,
        g = buffer[s + 6] ?? 128,
        h = buffer[s + 7] ?? 128,
        i = buffer[s + 8] ?? 128,
        j = buffer[s + 9] ?? 128;
      return (a | b | c | d | e | f | g | h | i | j) < 128
        ? code(a, b, c, d, e, f, g, h, i, j)
        : undefined;
    }
    case 11: {
      const a = buffer[s] ?? 128,
        b = buffer[s + 1] ?? 128,
        c = buffer[s + 2] ?? 128,
        d = buffer[s + 3] ?? 128,
        e = buffer[s + 4] ?? 128,
        f = buffer[s + 5] ?? 128,
        g = buffer[s + 6] ?? 128,
        h = buffer[s + 7] ?? 128,
        i = buffer[s + 8] ?? 128,
        j = buffer[s + 9] ?? 128,
        k = buffer[s + 10] ?? 128;
      return (a | b | c | d | e | f | g | h | i | j | k) < 128
        ? code(a, b, c, d, e, f, g, h, i, j, k)
        : undefined;
    }
    case 12: {
      const a = buffer[s] ?? 128,
        b = buffer[s + 1] ?? 128,
        c = buffer[s + 2] ?? 128,
        d = buffer[s + 3] ?? 128,
        e = buffer[s + 4] ?? 128,
        f = buffer[s + 5] ?? 128,
        g = buffer[s + 6] ?? 128,
        h = buffer[s + 7] ?? 128,
        i = buffer[s + 8] ?? 128,
        j = buffer[s + 9] ?? 128,
        k = buffer[s + 10] ?? 128,
        l = buffer[s + 11] ?? 128;
      return (a | b | c | d | e | f | g | h | i | j | k | l) < 128
        ? code(a, b, c, d, e, f, g, h, i, j, k, l)
        : undefined;
    }
    default:
      return undefined;
  }
}
