/** Whether a parenthesis behind a name opens the arguments of a call, or something harmless. */
import type {SignificantToken} from './significant-tokens';
import {BEFORE_PARENTHESIS} from './words';

/**
 * False: behind a keyword (`IN (`), a type (`x::numeric(10, 2)`), an alias with its columns (`AS x(a, b)`, or without AS
 * behind a parenthesis, `(VALUES (1, 2)) x(a, b)`, or the first table, `FROM t x(a, b)`) or a common table expression
 * (`WITH x(a) AS (SELECT`). Other aliases without AS look like calls, and count as such.
 */
export function parenthesisOpensCall(tokens: readonly SignificantToken[], index: number): boolean {
  const token = tokens[index];
  const before = tokens[index - 1];
  if (token?.kind === 'word' && before?.kind !== 'dot' && BEFORE_PARENTHESIS.has(token.name)) {
    return false;
  }
  if (before?.kind === 'operator' && before.text === '::') return false;
  if (before?.kind === 'word' && before.name === 'as') return false;
  if (before?.kind === 'rightParen' && listsNames(tokens, index + 1)) {
    return isBehindOn(tokens, index - 1);
  }
  if (namesTable(tokens, index - 1) && listsNames(tokens, index + 1)) return false;
  return !namesCommonTable(tokens, index);
}

/** `FROM a.t` or `JOIN t`, which end at `index`. `FROM LATERAL` and `DISTINCT FROM NOT` are followed by an expression. */
function namesTable(tokens: readonly SignificantToken[], index: number): boolean {
  let at = index;
  if ((tokens[at]?.name ?? '') === '') return false;
  while (tokens[at - 1]?.kind === 'dot') at -= 2;
  const first = tokens[at];
  if (first?.kind === 'word' && BEFORE_PARENTHESIS.has(first.name)) return false;
  return isWord(tokens[at - 1], 'from') || isWord(tokens[at - 1], 'join');
}

/** `(a, "b", c)`: the columns of an alias, as far as that can be seen. */
function listsNames(tokens: readonly SignificantToken[], opening: number): boolean {
  for (let at = opening + 1; ; at += 2) {
    if ((tokens[at]?.name ?? '') === '') return false;
    const behind = tokens[at + 1]?.kind;
    if (behind !== 'comma') return behind === 'rightParen';
  }
}

/**
 * `DISTINCT ON (a) f(b)`: the one place where an expression may begin behind a parenthesis, since no operator is a plain
 * name. A keyword in between (`(a) AND f(b)`) stands before the name itself.
 *
 * @param closing the index of the right parenthesis
 */
function isBehindOn(tokens: readonly SignificantToken[], closing: number): boolean {
  let depth = 0;
  for (let at = closing; at >= 0; at--) {
    const kind = tokens[at]?.kind;
    if (kind === 'rightParen') depth++;
    else if (kind === 'leftParen' && --depth === 0) return isWord(tokens[at - 1], 'on');
  }
  return true;
}

/**
 * `x(a, b) AS (SELECT`. A function in FROM with the types of its columns, `f(a) AS (b int)`, differs only in what
 * follows: a column cannot have the name of a reserved word. It can be `values`, but then its type follows.
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
  if (isWord(first, 'values')) return tokens[at + 2]?.kind === 'leftParen';
  return isWord(first, 'select') || isWord(first, 'with') || isWord(first, 'table');
}

function isWord(token: SignificantToken | undefined, word: string): boolean {
  return token?.kind === 'word' && token.name === word;
}
