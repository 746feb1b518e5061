/*
 * Where the quoted constructs of SQL end: strings, quoted identifiers, dollar strings, comments.
 *
 * Every function takes the text and an offset and returns the offset after the construct, or -1 if the
 * text ends first. They look at each character a bounded number of times, and nothing backtracks.
 */
import {
  BACKSLASH,
  CARRIAGE_RETURN,
  DOLLAR,
  isDigit,
  isSpace,
  isWordStart,
  LINE_FEED,
  MINUS,
  QUOTE,
  SLASH,
  STAR,
} from './characters';

/** The end of a `--` comment: the line feed or carriage return that ends it stays outside. */
export function lineCommentEnd(text: string, start: number): number {
  let i = start + 2;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === LINE_FEED || code === CARRIAGE_RETURN) break;
  }
  return i;
}

/** The end of a block comment. These nest in Postgres (start condition <xc>), unlike in C. */
export function blockCommentEnd(text: string, start: number): number {
  let depth = 1;
  let i = start + 2;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === STAR && text.charCodeAt(i + 1) === SLASH) {
      i += 2;
      if (--depth === 0) return i;
    } else if (code === SLASH && text.charCodeAt(i + 1) === STAR) {
      i += 2;
      depth++;
    } else {
      i++;
    }
  }
  return -1;
}

/** How a string between single quotes is read. */
export interface StringRules {
  /** A backslash takes the next character with it (<xe>). */
  readonly backslashes: boolean;
  /** Two quotes stand for one. Not so in bit strings: scan.l has no {xqdouble} for <xb> and <xh>. */
  readonly doubling: boolean;
}

/** The end of the string whose opening quote is at `quote`, continuation lines included. */
export function stringEnd(text: string, quote: number, rules: StringRules): number {
  let i = quote + 1;
  while (i < text.length) {
    if (rules.backslashes) {
      i = skipEscaped(text, i);
    } else {
      i = text.indexOf("'", i);
      if (i === -1) return -1;
    }
    if (i >= text.length) return -1;
    i++;
    if (rules.doubling && text.charCodeAt(i) === QUOTE) {
      i++;
      continue;
    }
    const next = continuationQuote(text, i);
    if (next === -1) return i;
    i = next + 1;
  }
  return -1;
}

function skipEscaped(text: string, from: number): number {
  let i = from;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) break;
    if (code === BACKSLASH) i++;
  }
  return i;
}

/**
 * {quotecontinue}: after a closing quote, white space and `--` comments with at least one line break
 * among them, then another quote, go on with the same string under the same rules.
 */
function continuationQuote(text: string, from: number): number {
  let sawLineBreak = false;
  let i = from;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return sawLineBreak ? i : -1;
    if (code === MINUS && text.charCodeAt(i + 1) === MINUS) {
      i = lineCommentEnd(text, i);
    } else if (isSpace(code)) {
      if (code === LINE_FEED || code === CARRIAGE_RETURN) sawLineBreak = true;
      i++;
    } else {
      return -1;
    }
  }
  return -1;
}

/** The end of the identifier whose opening double quote is at `quote`. */
export function quotedIdentifierEnd(text: string, quote: number): number {
  let i = text.indexOf('"', quote + 1);
  while (i !== -1) {
    if (text[i + 1] !== '"') return i + 1;
    i = text.indexOf('"', i + 2);
  }
  return -1;
}

/**
 * The end of the opening delimiter (`$$` or `$tag$`) at `start`, or -1 if none is there. A tag is a word
 * without a dollar sign, so `$1` is never one.
 */
export function dollarDelimiterEnd(text: string, start: number): number {
  let i = start + 1;
  if (isWordStart(text.charCodeAt(i))) {
    do i++;
    while (isWordStart(text.charCodeAt(i)) || isDigit(text.charCodeAt(i)));
  }
  return text.charCodeAt(i) === DOLLAR ? i + 1 : -1;
}

/** The end of the dollar string whose opening delimiter is `text.slice(start, bodyStart)`. */
export function dollarStringEnd(text: string, start: number, bodyStart: number): number {
  const close = text.indexOf(text.slice(start, bodyStart), bodyStart);
  return close === -1 ? -1 : close + (bodyStart - start);
}
