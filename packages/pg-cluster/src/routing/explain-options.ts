/** EXPLAIN: what it explains, and whether that is run. */
import type {SignificantToken} from './significant-tokens';

const OFF = new Set(['false', 'off', '0']);

export interface Explain {
  /** ANALYZE is on, or might be. */
  readonly runs: boolean;
  readonly statement: readonly SignificantToken[];
}

/** @param tokens From EXPLAIN on. */
export function readExplain(tokens: readonly SignificantToken[]): Explain {
  const [, second] = tokens;
  // `EXPLAIN (SELECT 1)` is a statement in parentheses, `EXPLAIN (ANALYZE) SELECT 1` an option.
  if (second?.kind === 'leftParen' && !startsStatement(tokens[2])) return readOptions(tokens);
  let at = 1;
  let runs = false;
  for (; isOneOf(tokens[at], 'analyze', 'analyse', 'verbose'); at++) {
    runs ||= !isOneOf(tokens[at], 'verbose');
  }
  return {runs, statement: tokens.slice(at)};
}

function readOptions(tokens: readonly SignificantToken[]): Explain {
  const end = tokens.findIndex(({kind}) => kind === 'rightParen');
  if (end === -1) return {runs: true, statement: []};
  let runs = false;
  for (let at = 2; at < end; at++) {
    // The last of several wins in the server; here one that is on is enough.
    if (isOneOf(tokens[at], 'analyze', 'analyse')) runs ||= !isOff(tokens[at + 1]);
  }
  return {runs, statement: tokens.slice(end + 1)};
}

function isOff(value: SignificantToken | undefined): boolean {
  if (value === undefined) return false;
  const text = value.kind === 'string' ? value.text.slice(1, -1) : value.text;
  return OFF.has(text.toLowerCase());
}

function startsStatement(token: SignificantToken | undefined): boolean {
  return token?.kind === 'leftParen' || isOneOf(token, 'select', 'with', 'values', 'table');
}

function isOneOf(token: SignificantToken | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'word' && words.includes(token.name);
}
