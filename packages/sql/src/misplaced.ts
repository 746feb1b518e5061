/* Says why a value or an identifier cannot stand where it was put, and what to write instead. */
import {buildError} from './errors';
import type {Misplaced, SlotKind} from './layout';
import type {TokenKind} from './lexer/token';

/** Names that mean the same inside a string, a dollar body or a comment, however deep the quotes go. */
const HARMLESS_NAME = /^[\p{L}\p{N}_]+$/u;

/** Tokens whose text the server does not read as SQL: a harmless name may be part of them. */
function isOpaque(token: TokenKind): boolean {
  switch (token) {
    case 'string':
    case 'escapeString':
    case 'dollarString':
    case 'lineComment':
    case 'blockComment':
      return true;
    default:
      return false;
  }
}

/** Whether an identifier may stand inside the token: `'${sql.ident('my_seq')}'`, as regclass wants it. */
export function mayStandInside(token: TokenKind, names: readonly unknown[]): boolean {
  return (
    isOpaque(token) && names.every((name) => typeof name !== 'string' || HARMLESS_NAME.test(name))
  );
}

/** The error for a slot that is not a token of its own. Shows the query's text only, never a value. */
export function misplacedError(kind: SlotKind, misplaced: Misplaced): Error {
  const where = `${NAMES[misplaced.token]} (near ${JSON.stringify(misplaced.near)})`;
  const position = `Slot number ${misplaced.slot + 1} of this query, \${...},`;
  if (kind === 'identifier') {
    return buildError(
      'SQL_IDENTIFIER_IN_QUOTES',
      `${position} is an identifier inside ${where}. It is quoted already: remove the quotes around it. ` +
        'Inside strings and dollar bodies only letters, digits and underscores are allowed in its name.',
    );
  }
  if (SEPARABLE.has(misplaced.token)) {
    return buildError(
      'SQL_VALUE_NOT_SEPARATE',
      `${position} is a value that sticks to ${where}, so Postgres would not see a parameter. ` +
        'Put a space between them; to make a name out of a value, use sql.ident(...).',
    );
  }
  return buildError(
    'SQL_VALUE_IN_QUOTES',
    `${position} is a value inside ${where}, where Postgres sees no parameter. A value needs no quotes: ` +
      "remove them. To make it part of a longer text, concatenate in JavaScript, as in ${name + '%'}.",
  );
}

const SEPARABLE: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'word',
  'parameter',
  'number',
  'operator',
  'other',
]);

const NAMES: Readonly<Record<TokenKind, string>> = {
  word: 'a word',
  quotedIdentifier: 'a quoted identifier',
  string: 'a string literal',
  escapeString: 'an escape string',
  dollarString: 'a dollar-quoted string',
  bitString: 'a bit string',
  parameter: 'a parameter',
  number: 'a number',
  operator: 'an operator',
  comma: 'a comma',
  dot: 'a dot',
  semicolon: 'a semicolon',
  leftParen: 'a parenthesis',
  rightParen: 'a parenthesis',
  leftBracket: 'a bracket',
  rightBracket: 'a bracket',
  lineComment: 'a -- comment',
  blockComment: 'a /* comment */',
  whitespace: 'white space',
  unterminated: 'a string, quoted identifier or comment that is never closed',
  other: 'text that is not SQL',
};
