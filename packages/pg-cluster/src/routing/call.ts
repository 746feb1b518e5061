/** Whether a parenthesis behind a name opens the arguments of a call, or something harmless. */
import type {SignificantToken} from './significant-tokens';
import {BEFORE_PARENTHESIS} from './words';

/**
 * False: behind a keyword (`IN (`), a type (`x::numeric(10, 2)`), an alias with its columns (`AS x(a, b)`) or a common
 * table expression (`WITH x(a) AS (SELECT`). An alias without AS looks like a call, and counts as one.
 */
export function parenthesisOpensCall(tokens: readonly SignificantToken[], index: number): boolean {
  const token = tokens[index];
  const before = tokens[index - 1];
  if (token?.kind === 'word' && before?.kind !== 'dot' && BEFORE_PARENTHESIS.has(token.name)) {
    return false;
  }
  if (before?.kind === 'operator' && before.text === '::') return false;
  if (before?.kind === 'word' && before.name === 'as') return false;
  return !namesCommonTable(tokens, index);
}

/**
 * `x(a, b) AS (SELECT`. A function in FROM with the types of its columns, `f(a) AS (b int)`, differs only in what
 * follows: a column cannot have the name of a reserved word.
 */
function namesCommonTable(tokens: readonly SignificantToken[], index: number): boolean {
  let at = index + 2;
  while (tokens[at]?.name !== '' || tokens[at]?.kind === 'comma') {
    if (tokens[at] === undefined) return false;
    at++;
  }
  if (tokens[at]?.kind !== 'rightParen' || !isWord(tokens[at + 1], 'as')) return false;
  at += 2;
  if (isWord(tokens[at], 'not')) at++;
  if (isWord(tokens[at], 'materialized')) at++;
  if (tokens[at]?.kind !== 'leftParen') return false;
  const first = tokens[at + 1];
  return isWord(first, 'select') || isWord(first, 'with') || isWord(first, 'table');
}

function isWord(token: SignificantToken | undefined, word: string): boolean {
  return token?.kind === 'word' && token.name === word;
}
