/** Columns of text for a terminal. Pure. Colours are put on after the widths are known. */

export interface Cell {
  readonly text: string;
  /** SGR code: how it is coloured, where colours are wanted. */
  readonly colour?: number | undefined;
}

export interface Column<Row> {
  readonly title: string;
  readonly align?: 'right';
  readonly cell: (row: Row) => Cell | string;
}

const FAINT = 2;
const GAP = '  ';

/** The title line and a line per row, without line ends. */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  colours: boolean,
): string[] {
  const body = rows.map((row) => columns.map((column) => cellOf(column.cell(row))));
  const heads = columns.map(({title}) => ({text: title, colour: FAINT}));
  const lines = [heads, ...body];
  const widths = columns.map((_, index) =>
    Math.max(...lines.map((cells) => cells[index]?.text.length ?? 0)),
  );
  return lines.map((cells) =>
    columns
      .map(({align}, index) => {
        const {text, colour} = cells[index] ?? {text: '', colour: undefined};
        const padding = ' '.repeat((widths[index] ?? 0) - text.length);
        const painted = paint(text, colour, colours);
        return align === 'right' ? padding + painted : painted + padding;
      })
      .join(GAP)
      .trimEnd(),
  );
}

export function paint(text: string, colour: number | undefined, colours: boolean): string {
  return colours && colour !== undefined && text !== ''
    ? `\u001B[${colour}m${text}\u001B[0m`
    : text;
}

/** What a server says may not move the cursor or colour the terminal. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001F\u007F-\u009F]+/g, ' ');
}

function cellOf(cell: Cell | string): Cell {
  return typeof cell === 'string' ? {text: printable(cell)} : {...cell, text: printable(cell.text)};
}
