/*
 * The Postgres lexer: cuts SQL text into tokens as the server does (src/backend/parser/scan.l).
 *
 * It does not know keywords, does not unescape, and reports no error: what the server would refuse comes
 * out as `unterminated`, `other` or a token the grammar has no place for. Tokens follow each other
 * without a gap, from 0 to the end of the text. Time is linear in the text, whatever the text.
 */
import * as ch from './characters';
import {numberEnd} from './number';
import {
  blockCommentEnd,
  dollarDelimiterEnd,
  dollarStringEnd,
  lineCommentEnd,
  quotedIdentifierEnd,
  stringEnd,
  type StringRules,
} from './quoted';
import type {LexerOptions, Token, TokenKind} from './token';

const PLAIN: StringRules = {backslashes: false, doubling: true};
const ESCAPES: StringRules = {backslashes: true, doubling: true};
const BITS: StringRules = {backslashes: false, doubling: false};

/**
 * Reads one token per `next()` and leaves it in `kind`, `start` and `end`: nothing is allocated.
 *
 * @example
 * const lexer = new Lexer('SELECT 1');
 * while (lexer.next()) console.log(lexer.kind, lexer.start, lexer.end);
 */
export class Lexer {
  readonly text: string;
  kind: TokenKind = 'whitespace';
  start = 0;
  end = 0;
  readonly #plain: StringRules;
  /** Up to here an operator run was seen to be nothing but + and -, each of them a token. */
  #signsUntil = 0;

  constructor(text: string, options: LexerOptions = {}) {
    this.text = text;
    this.#plain = options.standardConformingStrings === false ? ESCAPES : PLAIN;
  }

  /** Moves to the next token. Returns `false`, and stays, at the end of the text. */
  next(): boolean {
    const {text, end: start} = this;
    if (start >= text.length) return false;
    this.start = start;
    const code = text.charCodeAt(start);
    if (ch.isWordStart(code)) return this.#word(code);
    if (ch.isSpace(code)) return this.#whitespace();
    if (ch.isDigit(code)) return this.#take('number', numberEnd(text, start));
    if (ch.isOperator(code)) return this.#operatorOrComment(code);
    return this.#punctuation(code);
  }

  /** Ends the token at `end`, or at the end of the text as `unterminated` if that is -1. */
  #take(kind: TokenKind, end: number): true {
    this.kind = end === -1 ? 'unterminated' : kind;
    this.end = end === -1 ? this.text.length : end;
    return true;
  }

  #whitespace(): true {
    const {text} = this;
    let i = this.start + 1;
    while (ch.isSpace(text.charCodeAt(i))) i++;
    return this.#take('whitespace', i);
  }

  #word(code: number): true {
    const {text, start} = this;
    const next = text.charCodeAt(start + 1);
    // The start of a string looks like a word of one letter; scan.l takes the longer match.
    if (next === ch.QUOTE || next === ch.AMPERSAND) {
      switch (code | ch.LOWER_CASE_BIT) {
        case 0x65: // e
          if (next === ch.QUOTE) {
            return this.#take('escapeString', stringEnd(text, start + 1, ESCAPES));
          }
          break;
        case 0x62: // b
        case 0x78: // x
          if (next === ch.QUOTE) return this.#take('bitString', stringEnd(text, start + 1, BITS));
          break;
        case 0x6e: // n
          if (next === ch.QUOTE) {
            return this.#take('string', stringEnd(text, start + 1, this.#plain));
          }
          break;
        case 0x75: {
          // u
          const quote = next === ch.AMPERSAND ? text.charCodeAt(start + 2) : Number.NaN;
          if (quote === ch.QUOTE) return this.#take('string', stringEnd(text, start + 2, PLAIN));
          if (quote === ch.DOUBLE_QUOTE) {
            return this.#take('quotedIdentifier', quotedIdentifierEnd(text, start + 2));
          }
          break;
        }
        default:
      }
    }
    let i = start + 1;
    while (ch.isWordRest(text.charCodeAt(i))) i++;
    return this.#take('word', i);
  }

  #operatorOrComment(code: number): true {
    const {text, start} = this;
    const next = text.charCodeAt(start + 1);
    if (code === ch.MINUS && next === ch.MINUS) {
      return this.#take('lineComment', lineCommentEnd(text, start));
    }
    if (code === ch.SLASH && next === ch.STAR) {
      return this.#take('blockComment', blockCommentEnd(text, start));
    }
    return this.#take('operator', this.#operatorEnd());
  }

  /** Rule {operator}: a run of operator characters, cut at a comment, with trailing signs given back. */
  #operatorEnd(): number {
    const {text, start} = this;
    if (start < this.#signsUntil) return start + 1;
    let qualified = false;
    let i = start;
    for (let code = text.charCodeAt(i); ch.isOperator(code); code = text.charCodeAt(++i)) {
      const next = text.charCodeAt(i + 1);
      if (code === ch.MINUS && next === ch.MINUS) break;
      if (code === ch.SLASH && next === ch.STAR) break;
      qualified ||= ch.isQualifyingOperator(code);
    }
    if (qualified) return i;
    let end = i;
    while (end > start + 1 && isSign(text.charCodeAt(end - 1))) end--;
    // Remembered, or a long run of signs would be read again for each of them.
    this.#signsUntil = i;
    return end;
  }

  #punctuation(code: number): true {
    const {text, start} = this;
    const next = text.charCodeAt(start + 1);
    switch (code) {
      case ch.QUOTE:
        return this.#take('string', stringEnd(text, start, this.#plain));
      case ch.DOUBLE_QUOTE:
        return this.#take('quotedIdentifier', quotedIdentifierEnd(text, start));
      case ch.DOLLAR:
        return this.#dollar(next);
      case ch.LEFT_PAREN:
        return this.#take('leftParen', start + 1);
      case ch.RIGHT_PAREN:
        return this.#take('rightParen', start + 1);
      case ch.LEFT_BRACKET:
        return this.#take('leftBracket', start + 1);
      case ch.RIGHT_BRACKET:
        return this.#take('rightBracket', start + 1);
      case ch.COMMA:
        return this.#take('comma', start + 1);
      case ch.SEMICOLON:
        return this.#take('semicolon', start + 1);
      case ch.COLON:
        return this.#take(
          'operator',
          next === ch.COLON || next === ch.EQUALS ? start + 2 : start + 1,
        );
      case ch.DOT:
        if (ch.isDigit(next)) return this.#take('number', numberEnd(text, start));
        return next === ch.DOT ? this.#take('operator', start + 2) : this.#take('dot', start + 1);
      default:
        return this.#take('other', start + 1);
    }
  }

  #dollar(next: number): true {
    const {text, start} = this;
    if (ch.isDigit(next)) {
      let i = start + 2;
      while (ch.isDigit(text.charCodeAt(i))) i++;
      return this.#take('parameter', i);
    }
    const bodyStart = dollarDelimiterEnd(text, start);
    if (bodyStart === -1) return this.#take('other', start + 1);
    return this.#take('dollarString', dollarStringEnd(text, start, bodyStart));
  }
}

function isSign(code: number): boolean {
  return code === ch.PLUS || code === ch.MINUS;
}

/** All tokens of a text, in order, white space and comments included. */
export function tokenize(text: string, options?: LexerOptions): Token[] {
  const lexer = new Lexer(text, options);
  const tokens: Token[] = [];
  while (lexer.next()) tokens.push({kind: lexer.kind, start: lexer.start, end: lexer.end});
  return tokens;
}
