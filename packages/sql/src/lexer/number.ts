/*
 * Where a numeric literal ends: decimal, 0x, 0o, 0b and underscores as Postgres 16 reads them.
 *
 * What older servers, or {integer_junk}, see differently is text directly after a number. It becomes a
 * word of its own here (`1into` is a number and a word), so a caller looking for words misses none.
 */
import {
  DOT,
  isDigit,
  isHexDigit,
  LOWER_CASE_BIT,
  MINUS,
  PLUS,
  UNDERSCORE,
  ZERO,
} from './characters';

/** The offset after the number at `start`, which must be a digit, or a dot before a digit. */
export function numberEnd(text: string, start: number): number {
  const prefixed = prefixedIntegerEnd(text, start);
  if (prefixed !== -1) return prefixed;
  let i = digitsEnd(text, start, isDigit);
  if (text.charCodeAt(i) === DOT) {
    // {numericfail}: in `1..10` the dots are an operator of PL/pgSQL.
    if (i > start && text.charCodeAt(i + 1) === DOT) return i;
    i = digitsEnd(text, i + 1, isDigit);
  }
  return exponentEnd(text, i);
}

function prefixedIntegerEnd(text: string, start: number): number {
  if (text.charCodeAt(start) !== ZERO) return -1;
  const digits = prefixDigits(text.charCodeAt(start + 1) | LOWER_CASE_BIT);
  if (digits === undefined) return -1;
  // One underscore may stand before the first digit too: 0x_ff.
  const from = text.charCodeAt(start + 2) === UNDERSCORE ? start + 3 : start + 2;
  const end = digitsEnd(text, from, digits);
  return end === from ? -1 : end;
}

function prefixDigits(letter: number): ((code: number) => boolean) | undefined {
  switch (letter) {
    case 0x78: // x
      return isHexDigit;
    case 0x6f: // o
      return (code) => code >= ZERO && code < ZERO + 8;
    case 0x62: // b
      return (code) => code === ZERO || code === ZERO + 1;
    default:
      return undefined;
  }
}

/** {decinteger} and its like: digits, with single underscores between them. */
function digitsEnd(text: string, from: number, accepts: (code: number) => boolean): number {
  let i = from;
  if (!accepts(text.charCodeAt(i))) return i;
  for (;;) {
    i++;
    if (accepts(text.charCodeAt(i))) continue;
    if (text.charCodeAt(i) !== UNDERSCORE || !accepts(text.charCodeAt(i + 1))) return i;
  }
}

function exponentEnd(text: string, from: number): number {
  if ((text.charCodeAt(from) | LOWER_CASE_BIT) !== 0x65) return from; // e
  const sign = text.charCodeAt(from + 1);
  const digits = sign === PLUS || sign === MINUS ? from + 2 : from + 1;
  return isDigit(text.charCodeAt(digits)) ? digitsEnd(text, digits, isDigit) : from;
}
