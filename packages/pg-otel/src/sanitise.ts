/**
 * Replaces the constants of a statement by `?`: a text that was put together by hand may hold what nobody should read
 * in a trace. Placeholders stay, and so does everything else, comments excepted.
 */
import {Lexer} from '@databases/sql/lexer';
import type {TokenKind} from '@databases/sql/lexer';

/** What cannot be read to its end may be a constant as well. */
const CONSTANTS: ReadonlySet<TokenKind> = new Set([
  'string',
  'escapeString',
  'dollarString',
  'bitString',
  'number',
  'unterminated',
]);
const MAX_TEXTS = 1000;
const known = new Map<string, string>();

export function sanitised(text: string): string {
  let clean = known.get(text);
  if (clean === undefined) {
    clean = withoutConstants(text);
    // A program with so many texts makes them up; then none is worth keeping.
    if (known.size >= MAX_TEXTS) known.clear();
    known.set(text, clean);
  }
  return clean;
}

function withoutConstants(text: string): string {
  const lexer = new Lexer(text);
  let clean = '';
  while (lexer.next()) {
    const {kind, start, end} = lexer;
    if (CONSTANTS.has(kind)) clean += '?';
    else if (kind === 'lineComment' || kind === 'blockComment') clean += ' ';
    else clean += text.slice(start, end);
  }
  return clean;
}
