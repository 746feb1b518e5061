/**
 * The tokens of a text that mean something, with names as the server folds them: white space and comments are gone.
 */
import {Lexer} from '@databases/sql/lexer';
import type {TokenKind} from '@databases/sql/lexer';
import type {LexicalSettings} from './lexical-settings';

export interface SignificantToken {
  readonly kind: TokenKind;
  readonly offset: number;
  readonly text: string;
  /**
   * Of an identifier: the name, in lower case unless it was quoted. Empty for all else, and for what is no name that
   * can be compared (`U&"..."`).
   */
  readonly name: string;
}

const SILENT: ReadonlySet<TokenKind> = new Set(['whitespace', 'lineComment', 'blockComment']);

export function significantTokens(text: string, settings: LexicalSettings): SignificantToken[] {
  const lexer = new Lexer(text, settings);
  const tokens: SignificantToken[] = [];
  while (lexer.next()) {
    const {kind, start, end} = lexer;
    if (SILENT.has(kind)) continue;
    const part = text.slice(start, end);
    tokens.push({kind, offset: start, text: part, name: nameOf(kind, part)});
  }
  return tokens;
}

function nameOf(kind: TokenKind, text: string): string {
  // Only ASCII is folded in a database of UTF8 (downcase_identifier in scansup.c).
  if (kind === 'word') return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  if (kind === 'quotedIdentifier' && text.startsWith('"'))
    return text.slice(1, -1).replaceAll('""', '"');
  return '';
}
