/*
 * Character classes of the Postgres lexer (src/backend/parser/scan.l).
 *
 * Tests are made on UTF-16 code units. That is exact: scan.l treats every byte with the high bit set as
 * a letter, so every code unit from 0x80 up (surrogates, no-break spaces and all) belongs to a word.
 */

const WORD_START = 1;
const WORD_REST = 2;
const DIGIT = 4;
const HEX_DIGIT = 8;
const SPACE = 16;
const OPERATOR = 32;
const QUALIFYING_OPERATOR = 64;

const classes = new Uint8Array(128);

function mark(characters: string, flags: number): void {
  for (let i = 0; i < characters.length; i++) {
    const code = characters.charCodeAt(i);
    classes[code] = (classes[code] ?? 0) | flags;
  }
}

mark('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_', WORD_START | WORD_REST);
mark('0123456789', DIGIT | HEX_DIGIT | WORD_REST);
mark('abcdefABCDEF', HEX_DIGIT);
mark('$', WORD_REST);
// \v is white space since Postgres 16; before, it is a syntax error wherever it stands.
mark(' \t\n\r\f\v', SPACE);
mark('~!@#^&|`?+-*/%<>=', OPERATOR);
// An operator may end in + or - only if it has one of these (scan.l, rule {operator}).
mark('~!@#^&|`?%', QUALIFYING_OPERATOR);

function has(code: number, flag: number): boolean {
  // NaN (past the end) is neither below 128 nor from 128 up.
  return code < 128 && ((classes[code] ?? 0) & flag) !== 0;
}

/** ident_start: a letter, an underscore, anything beyond ASCII. */
export function isWordStart(code: number): boolean {
  return code >= 128 || has(code, WORD_START);
}

/** ident_cont: ident_start, digits and the dollar sign. */
export function isWordRest(code: number): boolean {
  return code >= 128 || has(code, WORD_REST);
}

export function isDigit(code: number): boolean {
  return has(code, DIGIT);
}

export function isHexDigit(code: number): boolean {
  return has(code, HEX_DIGIT);
}

export function isSpace(code: number): boolean {
  return has(code, SPACE);
}

export function isOperator(code: number): boolean {
  return has(code, OPERATOR);
}

export function isQualifyingOperator(code: number): boolean {
  return has(code, QUALIFYING_OPERATOR);
}

export const TAB = 0x09;
export const LINE_FEED = 0x0a;
export const CARRIAGE_RETURN = 0x0d;
export const DOUBLE_QUOTE = 0x22;
export const DOLLAR = 0x24;
export const AMPERSAND = 0x26;
export const QUOTE = 0x27;
export const LEFT_PAREN = 0x28;
export const RIGHT_PAREN = 0x29;
export const STAR = 0x2a;
export const PLUS = 0x2b;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const DOT = 0x2e;
export const SLASH = 0x2f;
export const ZERO = 0x30;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;
export const EQUALS = 0x3d;
export const LEFT_BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const RIGHT_BRACKET = 0x5d;
export const UNDERSCORE = 0x5f;
/** Lower-cases an ASCII letter; other characters become something else, so compare with letters only. */
export const LOWER_CASE_BIT = 0x20;
