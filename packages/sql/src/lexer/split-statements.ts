/*
 * Splits SQL text into its statements, at the semicolons where psql would (src/fe_utils/psqlscan.l).
 *
 * A semicolon ends a statement unless it stands between parentheses (CREATE RULE) or in the
 * BEGIN ATOMIC .. END body of a function or procedure. Parameters are not renumbered here.
 * Where psql goes by the word BEGIN alone we want BEGIN ATOMIC, and we do not count CASE and END where
 * they are names (`t.end`, `AS "case"` unquoted), so functions called "begin" do not swallow the rest.
 */
import {isSpace} from './characters';
import {Lexer} from './lexer';
import type {LexerOptions} from './token';

/** A statement: `text.slice(start, end)`, without its semicolon and the white space around it. */
export interface StatementRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The top-level statements of a text, in order. Comments belong to the statement they stand in (after a
 * semicolon: to the following one); pieces of nothing but white space and comments are dropped. A text
 * cut short in a string or a parenthesis is one statement to its end: the server says what is wrong.
 */
export function splitStatements(text: string, options?: LexerOptions): StatementRange[] {
  if (!NEEDS_LEXER.test(text)) return theWhole(text);
  const lexer = new Lexer(text, options);
  const statements: StatementRange[] = [];
  let statement = new StatementScan();
  while (lexer.next()) {
    if (lexer.kind === 'semicolon' && statement.depth === 0) {
      if (!statement.empty) statements.push({start: statement.start, end: statement.end});
      statement = new StatementScan();
    } else {
      statement.accept(lexer);
    }
  }
  if (!statement.empty) statements.push({start: statement.start, end: statement.end});
  return statements;
}

/**
 * Whether a text has more than one statement. Costs one search for a semicolon in most texts, and no
 * more when only white space follows the first one.
 */
export function hasSeveralStatements(text: string, options?: LexerOptions): boolean {
  const semicolon = text.indexOf(';');
  // Postgres' white space, not JavaScript's: a no-break space is a word to the server.
  if (semicolon === -1 || !/[^ \t\n\r\f\v;]/.test(text.slice(semicolon))) return false;
  return splitStatements(text, options).length > 1;
}

/**
 * Semicolons; and comments and quotes, which may be all there is, or be open where the text ends. Most texts have
 * none of them and are one statement, which one search finds where the lexer would make hundreds of calls.
 */
const NEEDS_LEXER = /[;'"]|--|\/\*|\$(?!\d)/;

/** The text without the white space around it, which is Postgres' and not JavaScript's. */
function theWhole(text: string): StatementRange[] {
  let start = 0;
  let end = text.length;
  while (isSpace(text.charCodeAt(start))) start++;
  if (start === end) return [];
  while (isSpace(text.charCodeAt(end - 1))) end--;
  return [{start, end}];
}

/** How far a statement matches CREATE [OR REPLACE] FUNCTION|PROCEDURE. */
type Head = 'start' | 'create' | 'or' | 'replace' | 'routine' | 'other';

function headAfter(head: Head, word: string): Head {
  switch (head) {
    case 'start':
      return word === 'create' ? 'create' : 'other';
    case 'or':
      return word === 'replace' ? 'replace' : 'other';
    case 'create':
      if (word === 'or') return 'or';
      return word === 'function' || word === 'procedure' ? 'routine' : 'other';
    case 'replace':
      return word === 'function' || word === 'procedure' ? 'routine' : 'other';
    default:
      return head;
  }
}

/** What is known of the statement being read. */
class StatementScan {
  start = -1;
  end = -1;
  empty = true;
  #parenDepth = 0;
  /** The BEGIN ATOMIC and the CASEs inside it that are still open. */
  #blockDepth = 0;
  #head: Head = 'start';
  #previousWord = '';

  get depth(): number {
    return this.#parenDepth + this.#blockDepth;
  }

  accept(lexer: Lexer): void {
    if (lexer.kind === 'whitespace') return;
    if (this.start === -1) this.start = lexer.start;
    this.end = lexer.end;
    if (lexer.kind === 'lineComment' || lexer.kind === 'blockComment') return;
    this.empty = false;
    let word = '';
    if (lexer.kind === 'word') {
      if (this.#head !== 'other') word = lexer.text.slice(lexer.start, lexer.end).toLowerCase();
      this.#acceptWord(word);
    } else if (lexer.kind === 'leftParen') {
      this.#parenDepth++;
    } else if (lexer.kind === 'rightParen') {
      if (this.#parenDepth > 0) this.#parenDepth--;
    } else if (lexer.kind === 'dot') {
      word = '.';
    }
    this.#previousWord = word;
  }

  #acceptWord(word: string): void {
    if (this.#head === 'other') return;
    if (this.#head !== 'routine') {
      this.#head = headAfter(this.#head, word);
      return;
    }
    if (this.#parenDepth > 0) return;
    if (this.#blockDepth === 0) {
      if (word === 'atomic' && this.#previousWord === 'begin') this.#blockDepth = 1;
      return;
    }
    // After a dot or AS these reserved words are names (ColLabel in gram.y).
    if (this.#previousWord === '.' || this.#previousWord === 'as') return;
    if (word === 'case') this.#blockDepth++;
    if (word === 'end') this.#blockDepth--;
  }
}
