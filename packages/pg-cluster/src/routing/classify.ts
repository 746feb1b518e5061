/**
 * Whether a statement may run on a replica: default deny, without a parser (docs/design/cluster-routing.md).
 *
 * Says "replica" only of statements that begin as reading ones do, in which no unquoted word writes or locks, every
 * call is of a function that is known to be harmless, and no name is denied. Everything else goes to the primary,
 * which is always right.
 */
import type {Catalogue} from './catalogue';
import {isDeniedCopy} from './copy-target';
import {readExplain} from './explain-options';
import {parenthesisOpensCall} from './call';
import type {LexicalSettings} from './lexical-settings';
import {significantTokens} from './significant-tokens';
import type {SignificantToken} from './significant-tokens';
import {READS, toPrimary} from './verdict';
import type {Verdict} from './verdict';
import {
  PLANNED_STARTS,
  READING_STARTS,
  ROW_LOCKS,
  SHOWN_EVERYWHERE,
  WRITING,
  belongsToOneNode,
} from './words';

/** NAMEDATALEN - 1: longer names are cut by the server and would be compared as something else. */
const MAX_NAME_BYTES = 63;

export function classify(
  text: string,
  catalogue: Catalogue | undefined,
  settings: LexicalSettings = {},
): Verdict {
  if (catalogue === undefined) return toPrimary('catalogueNotLoaded');
  const tokens = significantTokens(text, settings);
  const unreadable = findUnreadable(tokens);
  if (unreadable !== undefined) return unreadable;
  // Several statements run one after the other on one node: each of them has to be one that reads.
  for (const statement of statementsOf(tokens)) {
    const verdict = classifyStatement(statement, catalogue);
    if (verdict.target === 'primary') return verdict;
  }
  return READS;
}

/** The parts between the semicolons, without the empty ones, for which the server has nothing to do. */
function statementsOf(tokens: readonly SignificantToken[]): SignificantToken[][] {
  const statements: SignificantToken[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'semicolon') statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}

function findUnreadable(tokens: readonly SignificantToken[]): Verdict | undefined {
  for (const {kind, text, name, offset} of tokens) {
    if (kind === 'unterminated' || kind === 'other') return toPrimary('notLexed', text, offset);
    const isName = kind === 'word' || kind === 'quotedIdentifier';
    if (isName && (name === '' || Buffer.byteLength(name) > MAX_NAME_BYTES)) {
      return toPrimary('unreadableName', text, offset);
    }
  }
  return undefined;
}

function classifyStatement(tokens: readonly SignificantToken[], catalogue: Catalogue): Verdict {
  let first = 0;
  while (tokens[first]?.kind === 'leftParen') first++;
  const start = tokens[first];
  if (start === undefined || start.kind !== 'word') return firstWord(tokens);
  if (start.name === 'show' && first === 0) return classifyShow(tokens);
  if (start.name === 'copy' && first === 0) {
    const denied = isDeniedCopy(tokens);
    if (denied !== undefined) return toPrimary('copyElsewhere', denied.text, denied.offset);
    return judge(tokens, catalogue);
  }
  if (start.name === 'explain' && first === 0) {
    const {runs, statement} = readExplain(tokens);
    if (runs) return classifyStatement(statement, catalogue);
    return classifyPlanned(statement, catalogue);
  }
  if (!READING_STARTS.has(start.name)) return firstWord(tokens);
  return judge(tokens, catalogue);
}

function firstWord(tokens: readonly SignificantToken[]): Verdict {
  const first = tokens.find(({kind}) => kind !== 'leftParen') ?? tokens[0];
  return toPrimary('firstWord', first?.text, first?.offset);
}

function classifyShow(tokens: readonly SignificantToken[]): Verdict {
  const [, what] = tokens;
  if (tokens.length === 2 && what !== undefined && SHOWN_EVERYWHERE.has(what.name)) return READS;
  return toPrimary('sessionState', what?.text, what?.offset);
}

/** EXPLAIN without ANALYZE runs nothing, but the planner opens what is named. */
function classifyPlanned(tokens: readonly SignificantToken[], catalogue: Catalogue): Verdict {
  const first = tokens.find(({kind}) => kind !== 'leftParen');
  if (first === undefined || first.kind !== 'word' || !PLANNED_STARTS.has(first.name)) {
    return firstWord(tokens);
  }
  // The planner calls functions that are declared IMMUTABLE or STABLE; a call of a volatile one is left alone.
  for (const [index, token] of tokens.entries()) {
    const isCalled = tokens[index + 1]?.kind === 'leftParen';
    if (token.name === '' || isCalled) continue;
    if (catalogue.deniedNames.has(token.name)) {
      return toPrimary('deniedName', token.text, token.offset);
    }
  }
  return READS;
}

function judge(tokens: readonly SignificantToken[], catalogue: Catalogue): Verdict {
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'operator') {
      if (catalogue.deniedOperators.has(token.text)) {
        return toPrimary('deniedOperator', token.text, token.offset);
      }
    } else if (token.name !== '') {
      const verdict = judgeName(tokens, index, token, catalogue);
      if (verdict !== undefined) return verdict;
    }
  }
  return READS;
}

function judgeName(
  tokens: readonly SignificantToken[],
  index: number,
  token: SignificantToken,
  catalogue: Catalogue,
): Verdict | undefined {
  const {name, text, offset, kind} = token;
  if (catalogue.deniedNames.has(name) || belongsToOneNode(name)) {
    return toPrimary('deniedName', text, offset);
  }
  if (kind === 'word') {
    // Behind AS or a dot it is a name: no statement that writes begins there.
    const isLabel = follows(tokens, index, 'as') || tokens[index - 1]?.kind === 'dot';
    if (!isLabel && WRITING.has(name)) return toPrimary('writes', text, offset);
    if (ROW_LOCKS.has(name) && follows(tokens, index, 'for')) {
      return toPrimary('locksRows', text, offset);
    }
    if (name === 'of' && follows(tokens, index, 'current')) {
      return toPrimary('sessionState', text, offset);
    }
  }
  const isCalled = tokens[index + 1]?.kind === 'leftParen';
  if (name === 'last_value' && !isCalled) return toPrimary('sessionState', text, offset);
  if (isCalled && parenthesisOpensCall(tokens, index) && !catalogue.harmlessFunctions.has(name)) {
    return toPrimary('unknownCall', text, offset);
  }
  return undefined;
}

/** Whether the unquoted word `word` stands right before the token at `index`. */
function follows(tokens: readonly SignificantToken[], index: number, word: string): boolean {
  const before = tokens[index - 1];
  return before?.kind === 'word' && before.name === word;
}
