/* What a token of the lexer is. Tokens carry offsets, never text; all tokens together cover the text. */

/**
 * - `word`: an unquoted identifier or keyword.
 * - `quotedIdentifier`: `"a""b"` and `U&"..."`.
 * - `string`: `'..'`, `N'..'` and `U&'..'`; `escapeString`: `E'..'`; `bitString`: `B'..'` and `X'..'`.
 *   The lines of a continued string are one token.
 * - `dollarString`: `$tag$..$tag$`, delimiters included.
 * - `parameter`: `$1`.
 * - `operator`: also `:`, `::`, `:=` and `..`.
 * - `lineComment`: without the line break that ends it.
 * - `unterminated`: a string, identifier or block comment that the end of the text cuts short.
 * - `other`: one character that SQL has no use for, such as `{` or a lone `$`.
 */
export type TokenKind =
  | 'word'
  | 'quotedIdentifier'
  | 'string'
  | 'escapeString'
  | 'dollarString'
  | 'bitString'
  | 'parameter'
  | 'number'
  | 'operator'
  | 'comma'
  | 'dot'
  | 'semicolon'
  | 'leftParen'
  | 'rightParen'
  | 'leftBracket'
  | 'rightBracket'
  | 'lineComment'
  | 'blockComment'
  | 'whitespace'
  | 'unterminated'
  | 'other';

/** A token: `text.slice(start, end)`, offsets in UTF-16 code units. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

export interface LexerOptions {
  /**
   * The server's setting of the same name. When `false`, a backslash escapes in plain strings too.
   * Default `true`, as on every server since 9.1 that nobody configured otherwise.
   */
  readonly standardConformingStrings?: boolean;
}
