/**
 * Which statements may leave something behind in the session although their command tag does not say so:
 * settings made by function, advisory locks of the session, temporary tables, and whatever a DO block does.
 *
 * Looks at the text only, once in the life of a statement. When in doubt it says yes, which costs a reset
 * that was not needed. What the body of a function does cannot be seen from here.
 */
import {Lexer} from '@databases/sql/lexer';

/** Nearly every text has none of these, and is then not read any further. */
const SUSPICIOUS = /set_config|advisory_lock|temp|\bdo\b/i;

const LOCKS = new Set([
  'pg_advisory_lock',
  'pg_advisory_lock_shared',
  'pg_try_advisory_lock',
  'pg_try_advisory_lock_shared',
]);
/** Behind one of these, TEMP means that what is created is temporary; elsewhere it is a name. */
const BEFORE_TEMPORARY = new Set(['create', 'replace', 'local', 'global', 'into']);
const ENDS_WITH_TRANSACTION =
  /^(?:is_local\s*(?:=>|:=)\s*)?(?:true|'(?:t|true|on|yes|1)')(?:\s*::\s*bool(?:ean)?)?$/i;

export function mayLeaveTraces(text: string): boolean {
  if (!SUSPICIOUS.test(text)) return false;
  const words = significantTokens(text);
  if (words[0] === 'do') return true;
  let temporary = false;
  for (const [at, word] of words.entries()) {
    const next = words[at + 1];
    if (LOCKS.has(word) && next === '(') return true;
    if (word === 'set_config' && next === '(' && !endsWithTransaction(words, at + 2)) return true;
    if (word === 'pg_temp' && next === '.') return true;
    temporary ||= isTemporary(word) && BEFORE_TEMPORARY.has(words[at - 1] ?? '');
  }
  return temporary && !words.join(' ').includes('on commit drop');
}

function isTemporary(word: string): boolean {
  return word === 'temp' || word === 'temporary';
}

/** The tokens without space and comments; names in the form in which Postgres compares them. */
function significantTokens(text: string): string[] {
  const tokens: string[] = [];
  const lexer = new Lexer(text);
  while (lexer.next()) {
    const {kind, start, end} = lexer;
    if (kind === 'whitespace' || kind === 'lineComment' || kind === 'blockComment') continue;
    const token = text.slice(start, end);
    if (kind === 'word') tokens.push(token.toLowerCase());
    else if (kind === 'quotedIdentifier') tokens.push(token.slice(1, -1));
    else tokens.push(token);
  }
  return tokens;
}

/** Whether the last argument of the set_config() whose arguments begin `at` says that it is local. */
function endsWithTransaction(tokens: readonly string[], at: number): boolean {
  let depth = 0;
  let last = '';
  for (const token of tokens.slice(at)) {
    if (token === ')' && depth === 0) return ENDS_WITH_TRANSACTION.test(last);
    if (token === '(') depth++;
    else if (token === ')') depth--;
    if (token === ',' && depth === 0) last = '';
    else last += token;
  }
  return false;
}
