/** Columns of text for a terminal. Pure. Colours are put on after the widths are known. */

export interface Cell {
  readonly text: string;
  /** SGR code: how it is coloured, where colours are wanted. */
  readonly colour: number;
}

export interface Column<Row> {
  readonly title: string;
  readonly align?: 'right';
  readonly cell: (row: Row) => Cell | string | number | null | undefined;
}

export interface TerminalStyle {
  readonly colours: boolean;
  /** Lines end here. Undefined: nowhere. */
  readonly columns?: number | undefined;
}

export const FAINT = 2;
export const RED = 31;
export const GREEN = 32;
export const YELLOW = 33;
const GAP = '  ';

/** The title line and a line per row, without line ends; nothing where there is no row. */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  style: TerminalStyle,
): string[] {
  if (rows.length === 0) return [];
  const heads = columns.map(({title}) => ({text: title, colour: FAINT}));
  const lines = [heads, ...rows.map((row) => columns.map(({cell}) => cellOf(cell(row))))];
  const widths = columns.map((_, index) =>
    Math.max(...lines.map((cells) => cells[index]?.text.length ?? 0)),
  );
  return lines.map((cells) => renderLine(columns, cells, widths, style));
}

function renderLine<Row>(
  columns: readonly Column<Row>[],
  cells: readonly Cell[],
  widths: readonly number[],
  {colours, columns: room = Infinity}: TerminalStyle,
): string {
  let left = room;
  let line = '';
  for (const [index, {text, colour}] of cells.entries()) {
    const gap = index === 0 ? '' : GAP;
    const padding = ' '.repeat((widths[index] ?? 0) - text.length);
    const isRight = columns[index]?.align === 'right';
    const before = `${gap}${isRight ? padding : ''}`.slice(0, left);
    const shown = text.slice(0, left - before.length);
    const after = index === cells.length - 1 || isRight ? '' : padding;
    line +=
      before + paint(shown, colour, colours) + after.slice(0, left - before.length - shown.length);
    left -= before.length + shown.length + after.length;
    if (left <= 0) break;
  }
  return line.trimEnd();
}

export function paint(text: string, colour: number, colours: boolean): string {
  return colours && colour !== 0 && text !== '' ? `\u001B[${colour}m${text}\u001B[0m` : text;
}

/** What a server or a program says may not move the cursor or colour the terminal. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]+/g, ' ');
}

export function renderDuration(milliseconds: number | null | undefined): string {
  if (typeof milliseconds !== 'number') return '';
  if (milliseconds < 1000) return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  if (milliseconds < 3_600_000) return `${(milliseconds / 60_000).toFixed(1)} min`;
  return `${(milliseconds / 3_600_000).toFixed(1)} h`;
}

function cellOf(cell: Cell | string | number | null | undefined): Cell {
  if (typeof cell === 'object' && cell !== null) return {...cell, text: printable(cell.text)};
  return {text: printable(String(cell ?? '')), colour: 0};
}
