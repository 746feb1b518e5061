/**
 * Reads the text form of an array, as array_out prints it (docs: "Array Input and Output Syntax").
 *
 * Works in time linear in the length and in depth bounded by MAXDIM. Explicit bounds (`[0:1]={a,b}`) are
 * skipped: a JavaScript array begins at 0. Does not know element types; the caller says how to read one.
 */
import {malformed} from './codec';

/** MAXDIM in utils/array.h. */
export const MAXIMUM_DIMENSIONS = 6;

const BOUNDS = /^\s*(?:\[[+-]?\d+(?::[+-]?\d+)?\]){1,6}\s*=/;
const WHITESPACE = ' \t\n\r\v\f';

/**
 * The elements in order, nested as the dimensions are; NULL is null and never reaches `parseElement`.
 * @param parseElement Reads one element; default: leaves it as text.
 * @param delimiter What stands between elements: `;` for box, `,` for every other built-in type.
 * @throws {ValueError} PG_VALUE_MALFORMED if `text` is not an array, or nests deeper than 6.
 */
export function parseArray(
  text: string,
  parseElement: (text: string) => unknown = (element) => element,
  delimiter = ',',
): unknown[] {
  const reader = new ArrayReader(text, parseElement, delimiter);
  return reader.readAll();
}

class ArrayReader {
  readonly #text: string;
  readonly #parseElement: (text: string) => unknown;
  readonly #delimiter: string;
  #at: number;

  constructor(text: string, parseElement: (text: string) => unknown, delimiter: string) {
    this.#text = text;
    this.#parseElement = parseElement;
    this.#delimiter = delimiter;
    this.#at = text.startsWith('{') ? 0 : (BOUNDS.exec(text)?.[0].length ?? 0);
  }

  readAll(): unknown[] {
    this.#skipWhitespace();
    const elements = this.#readLevel(1);
    this.#skipWhitespace();
    if (this.#at !== this.#text.length)
      throw this.#unexpected('it goes on after its closing brace');
    return elements;
  }

  #readLevel(depth: number): unknown[] {
    if (this.#text[this.#at] !== '{') throw this.#unexpected('an opening brace is missing');
    if (depth > MAXIMUM_DIMENSIONS) {
      throw this.#unexpected(`it has more than ${MAXIMUM_DIMENSIONS} dimensions`);
    }
    this.#at++;
    const elements: unknown[] = [];
    this.#skipWhitespace();
    if (this.#text[this.#at] === '}') {
      this.#at++;
      return elements;
    }
    for (;;) {
      this.#skipWhitespace();
      const c = this.#text[this.#at];
      if (c === '{') elements.push(this.#readLevel(depth + 1));
      else if (c === '"') elements.push(this.#parseElement(this.#readQuoted()));
      else elements.push(this.#readUnquoted());
      this.#skipWhitespace();
      const next = this.#text[this.#at++];
      if (next === '}') return elements;
      if (next !== this.#delimiter)
        throw this.#unexpected('a delimiter or a closing brace is missing');
    }
  }

  #readQuoted(): string {
    const text = this.#text;
    let run = ++this.#at;
    let value = '';
    for (; this.#at < text.length; this.#at++) {
      const c = text[this.#at];
      if (c === '"') return value + text.slice(run, this.#at++);
      if (c === '\\') {
        value += text.slice(run, this.#at);
        // The next character stands for itself, so the run begins with it.
        run = ++this.#at;
      }
    }
    throw this.#unexpected('a quote is not closed');
  }

  #readUnquoted(): unknown {
    const text = this.#text;
    const start = this.#at;
    let escaped = false;
    let run = start;
    let value = '';
    for (; this.#at < text.length; this.#at++) {
      const c = text[this.#at];
      if (c === '\\') {
        escaped = true;
        value += text.slice(run, this.#at);
        run = ++this.#at;
      } else if (c === this.#delimiter || c === '}') break;
      else if (c === '"' || c === '{') throw this.#unexpected('a quote or a brace is out of place');
    }
    if (escaped) return this.#parseElement(value + text.slice(run, this.#at));
    let end = this.#at;
    // Not trimEnd(): array_out quotes for ASCII white space only, so a no-break space belongs to the value.
    while (end > start && WHITESPACE.includes(text.charAt(end - 1))) end--;
    const element = text.slice(start, end);
    if (element === '') throw this.#unexpected('an element is missing');
    if (element.length === 4 && element.toUpperCase() === 'NULL') return null;
    return this.#parseElement(element);
  }

  #skipWhitespace(): void {
    for (;;) {
      const c = this.#text[this.#at];
      if (c === undefined || !WHITESPACE.includes(c)) return;
      this.#at++;
    }
  }

  #unexpected(why: string): Error {
    return malformed('array', `${why} (at character ${this.#at + 1} of ${this.#text.length})`);
  }
}
