/**
 * Draws the lines of a query around the place an error is at, with a caret under the offending word.
 *
 * Positions are counted as Postgres counts them: in characters (code points) from 1, so that a caret
 * behind an emoji stands where it should.
 */

const LINES_ABOVE = 2;
const LINES_BELOW = 3;
/** Lines longer than this are cut around the caret: a generated IN list should not fill the terminal. */
const MAX_LINE_CHARACTERS = 160;

interface Place {
  readonly line: number;
  readonly column: number;
}

export function codeFrame(text: string, position: number): string {
  const characters = Array.from(text);
  const at = Math.min(position - 1, characters.length);
  const place = placeOf(characters, at);
  const width = wordWidth(characters, at);
  const lines = text.split(/\r\n|\n|\r/);
  const first = Math.max(0, place.line - LINES_ABOVE);
  const last = Math.min(lines.length - 1, place.line + LINES_BELOW);
  const gutter = String(last + 1).length;
  const drawn: string[] = [];
  for (let number = first; number <= last; number++) {
    const marked = number === place.line;
    const {shown, shift} = cut(Array.from(lines[number] ?? ''), marked ? place.column : 0);
    const label = String(number + 1).padStart(gutter);
    drawn.push(`${marked ? '>' : ' '} ${label} | ${shown}`.trimEnd());
    if (marked) {
      const indent = ' '.repeat(Math.max(0, place.column - shift));
      drawn.push(`  ${' '.repeat(gutter)} | ${indent}${'^'.repeat(width)}`);
    }
  }
  return drawn.join('\n');
}

function placeOf(characters: readonly string[], at: number): Place {
  let line = 0;
  let column = 0;
  for (let i = 0; i < at; i++) {
    const character = characters[i];
    if (character === '\n' || (character === '\r' && characters[i + 1] !== '\n')) {
      line++;
      column = 0;
    } else if (character !== '\r') {
      column++;
    }
  }
  return {line, column};
}

/** How many characters the word or quoted identifier at `at` has; 1 for an operator or the end. */
function wordWidth(characters: readonly string[], at: number): number {
  const quoted = characters[at] === '"';
  let end = at;
  if (quoted) {
    end = characters.indexOf('"', at + 1) + 1;
    return end > at && !characters.slice(at, end).includes('\n') ? end - at : 1;
  }
  while (end < characters.length && /[\p{L}\p{N}_$]/u.test(characters[end] ?? '')) end++;
  return Math.max(1, end - at);
}

function cut(line: readonly string[], column: number): {shown: string; shift: number} {
  if (line.length <= MAX_LINE_CHARACTERS) return {shown: line.join(''), shift: 0};
  const start = Math.max(0, column - MAX_LINE_CHARACTERS / 2);
  const end = start + MAX_LINE_CHARACTERS;
  const before = start > 0 ? '…' : '';
  const after = end < line.length ? '…' : '';
  return {
    shown: `${before}${line.slice(start, end).join('')}${after}`,
    shift: start - before.length,
  };
}
