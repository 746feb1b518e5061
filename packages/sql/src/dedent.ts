/*
 * Takes the indentation of the source file out of a query's text.
 *
 * Only white space between tokens is ever cut: what stands in strings, dollar bodies, quoted identifiers
 * and comments stays as it was typed. Leading and trailing white space goes, and so does the indentation
 * that all lines have in common (a tab counts as one, blank lines do not count).
 */
import {LINE_FEED, TAB} from './lexer/characters';

/** A stretch of white space between tokens, as the lexer found it. */
export interface Whitespace {
  readonly start: number;
  readonly end: number;
}

const SPACE = 0x20;

/** What to cut out of `text`: pairs of offsets (from, to), in order and apart. */
export function indentation(text: string, whitespaces: readonly Whitespace[]): number[] {
  const cuts: number[] = [];
  const width = commonWidth(text, whitespaces);
  for (const {start, end} of whitespaces) {
    if (start === 0 || end === text.length) {
      cuts.push(start, end);
      continue;
    }
    for (let line = nextLine(text, start, end); line !== -1; line = nextLine(text, line, end)) {
      const indented = Math.min(indentEnd(text, line, end), line + width);
      if (indented > line) cuts.push(line, indented);
    }
  }
  return cuts;
}

function commonWidth(text: string, whitespaces: readonly Whitespace[]): number {
  if (whitespaces[0]?.start !== 0 && text !== '') return 0;
  let width = Number.POSITIVE_INFINITY;
  for (const {start, end} of whitespaces) {
    if (end === text.length) continue;
    // Only the last line of a stretch has something on it.
    const lastLine = text.lastIndexOf('\n', end - 1);
    const line = lastLine >= start ? lastLine + 1 : start === 0 ? 0 : -1;
    if (line !== -1) width = Math.min(width, indentEnd(text, line, end) - line);
  }
  return width;
}

function nextLine(text: string, from: number, end: number): number {
  for (let i = from; i < end; i++) {
    if (text.charCodeAt(i) === LINE_FEED) return i + 1;
  }
  return -1;
}

function indentEnd(text: string, line: number, end: number): number {
  let i = line;
  while (i < end && (text.charCodeAt(i) === SPACE || text.charCodeAt(i) === TAB)) i++;
  return i;
}
