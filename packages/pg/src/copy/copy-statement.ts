/**
 * Reads as much of a COPY statement as sending its data takes: the direction, the table and its columns, and
 * which format the data has. https://www.postgresql.org/docs/18/sql-copy.html
 *
 * It does not check the statement: what is wrong with it the server says, with the place. Words are told from
 * names and strings by the server's own lexical rules, so a column called "from" or a file name is no surprise.
 */
import {Lexer} from '@databases/sql/lexer';
import {unquoteIdentifier} from './identifier';

export type CopyFormat = 'text' | 'csv' | 'binary';

export interface CopyOption {
  /** In lower case. */
  readonly name: string;
  readonly value: string | undefined;
}

export interface CopyStatement {
  readonly text: string;
  readonly direction: 'from' | 'to';
  /** Whether the data comes from, or goes to, the client and not to a file of the server or a program. */
  readonly overWire: boolean;
  /** As written, quotes included; undefined for COPY (query). */
  readonly table: string | undefined;
  /** The names of the column list; undefined without one. One that is not understood is undefined. */
  readonly columns: readonly (string | undefined)[] | undefined;
  readonly options: readonly CopyOption[];
  /** The format that the statement names. */
  readonly format: CopyFormat | undefined;
  /** It has options in the form from before version 9.0, without parentheses. */
  readonly oldOptions: boolean;
  /** Where an option can be put in, and whether that is inside parentheses. */
  readonly optionPlace: {readonly at: number; readonly inside: boolean};
}

interface Word {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  /** As written; words in lower case. */
  readonly text: string;
}

/** Undefined for what is not a COPY. */
export function readCopyStatement(text: string): CopyStatement | undefined {
  const words = significantTokens(text);
  if (words[0]?.text !== 'copy') return undefined;
  const reader = new Reader(text, words);
  return reader.read();
}

/** The same statement with one option more. */
export function withOption(
  {text, optionPlace: {at, inside}}: CopyStatement,
  option: string,
): string {
  const written = inside ? `${option}, ` : ` WITH (${option})`;
  return text.slice(0, at) + written + text.slice(at);
}

function significantTokens(text: string): Word[] {
  const lexer = new Lexer(text);
  const words: Word[] = [];
  while (lexer.next()) {
    const {kind, start, end} = lexer;
    if (kind === 'whitespace' || kind === 'lineComment' || kind === 'blockComment') continue;
    const written = text.slice(start, end);
    words.push({kind, start, end, text: kind === 'word' ? written.toLowerCase() : written});
  }
  return words;
}

class Reader {
  readonly #text: string;
  readonly #words: readonly Word[];
  #at = 1;

  constructor(text: string, words: readonly Word[]) {
    this.#text = text;
    this.#words = words;
  }

  read(): CopyStatement | undefined {
    // COPY BINARY t, unless BINARY is the table.
    const next = this.#words[this.#at + 1];
    const leading = this.#isWord('binary') && next !== undefined && isName(next);
    const binaryInFront = leading && next.text !== 'from' && next.text !== 'to';
    if (binaryInFront) this.#at++;
    const table = this.#table();
    const columns = this.#columns();
    const direction = this.#direction();
    if (direction === undefined) return undefined;
    const overWire = this.#isWord('stdin') || this.#isWord('stdout');
    this.#at++;
    const endOfTarget = this.#words[this.#at - 1]?.end ?? this.#text.length;
    if (this.#isWord('with')) this.#at++;
    const open = this.#words[this.#at];
    const inside = open?.kind === 'leftParen';
    const options = inside ? this.#options() : [];
    const behind = this.#words[this.#at];
    const oldOptions =
      binaryInFront || (!inside && behind !== undefined && behind.text !== 'where');
    const named = options.findLast(({name}) => name === 'format')?.value?.toLowerCase();
    const format = oldOptions ? this.#oldFormat(binaryInFront) : formatOf(named);
    return {
      text: this.#text,
      direction,
      overWire,
      table,
      columns,
      options,
      format,
      oldOptions,
      optionPlace: {at: inside ? open.end : endOfTarget, inside},
    };
  }

  #isWord(word: string): boolean {
    const token = this.#words[this.#at];
    return token?.kind === 'word' && token.text === word;
  }

  #table(): string | undefined {
    const first = this.#words[this.#at];
    if (first === undefined) return undefined;
    if (first.kind === 'leftParen') {
      this.#skipParentheses();
      return undefined;
    }
    let last = first;
    this.#at++;
    while (this.#words[this.#at]?.kind === 'dot') {
      last = this.#words[this.#at + 1] ?? last;
      this.#at += 2;
    }
    return this.#text.slice(first.start, last.end);
  }

  #columns(): (string | undefined)[] | undefined {
    if (this.#words[this.#at]?.kind !== 'leftParen') return undefined;
    const from = this.#at + 1;
    this.#skipParentheses();
    return this.#words
      .slice(from, this.#at - 1)
      .filter(({kind}) => kind !== 'comma')
      .map(({start, end}) => unquoteIdentifier(this.#text.slice(start, end)));
  }

  #direction(): 'from' | 'to' | undefined {
    const direction = this.#isWord('from') ? 'from' : this.#isWord('to') ? 'to' : undefined;
    this.#at++;
    return direction;
  }

  #options(): CopyOption[] {
    const from = this.#at + 1;
    this.#skipParentheses();
    const options: CopyOption[] = [];
    let depth = 0;
    let current: Word[] = [];
    for (const word of [...this.#words.slice(from, this.#at - 1), undefined]) {
      if (word?.kind === 'leftParen') depth++;
      if (word?.kind === 'rightParen') depth--;
      if (word !== undefined && (word.kind !== 'comma' || depth > 0)) {
        current.push(word);
        continue;
      }
      const [name, value] = current;
      if (name !== undefined) {
        options.push({
          name: plain(name).toLowerCase(),
          value: value === undefined ? value : plain(value),
        });
      }
      current = [];
    }
    return options;
  }

  #oldFormat(binaryInFront: boolean): CopyFormat {
    const rest = this.#words.slice(this.#at);
    if (binaryInFront || rest.some(({kind, text}) => kind === 'word' && text === 'binary'))
      return 'binary';
    return rest.some(({kind, text}) => kind === 'word' && text === 'csv') ? 'csv' : 'text';
  }

  /** Moves behind the parenthesis that closes the one at hand. */
  #skipParentheses(): void {
    let depth = 0;
    for (; this.#at < this.#words.length; this.#at++) {
      const kind = this.#words[this.#at]?.kind;
      if (kind === 'leftParen') depth++;
      if (kind === 'rightParen' && --depth === 0) {
        this.#at++;
        return;
      }
    }
  }
}

function isName({kind}: Word): boolean {
  return kind === 'word' || kind === 'quotedIdentifier';
}

/** The text of a word, a quoted name or a plain string. */
function plain({kind, text}: Word): string {
  if (kind === 'quotedIdentifier') return unquoteIdentifier(text) ?? text;
  return kind === 'string' ? text.slice(1, -1).replaceAll("''", "'") : text;
}

function formatOf(name: string | undefined): CopyFormat | undefined {
  return name === 'text' || name === 'csv' || name === 'binary' ? name : undefined;
}
