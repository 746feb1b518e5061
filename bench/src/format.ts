/** Numbers and tables as the reports write them. Pure. */
import type {Spread} from './statistics';

const bytesPerMebibyte = 1024 * 1024;
const bytesPerKibibyte = 1024;

/** Three digits: more would claim what a shared machine cannot know. */
export function threeDigits(value: number): string {
  return Math.abs(value) >= 100
    ? Math.round(Number(value.toPrecision(3))).toLocaleString('en-US')
    : value.toPrecision(3);
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** The median, and in parentheses the least and the greatest. */
export function formatSpread({median, least, most}: Spread): string {
  return `${median.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;
}

interface Unit {
  readonly suffix: string;
  readonly symbol: string;
  readonly size: number;
}

const units: readonly Unit[] = [
  {suffix: 'BytesPerConnection', symbol: 'KiB per connection', size: bytesPerKibibyte},
  {suffix: 'PerSecond', symbol: '/s', size: 1},
  {suffix: 'Milliseconds', symbol: 'ms', size: 1},
  {suffix: 'Microseconds', symbol: 'µs', size: 1},
  {suffix: 'Bytes', symbol: 'MiB', size: bytesPerMebibyte},
];

/** `fastP99Milliseconds` becomes `fast p99` and `ms`. A name without a known unit stays without one. */
export function readFigureName(name: string): {title: string; unit: Unit | undefined} {
  const unit = units.find(({suffix}) => name.endsWith(suffix));
  const bare = unit === undefined ? name : name.slice(0, -unit.suffix.length);
  return {title: bare.replaceAll(/(?<=[a-z\d])[A-Z]/g, ' $&').toLowerCase(), unit};
}

/** Without its unit, which stands at the head of the column. */
export function formatFigure(name: string, value: number): string {
  const {unit} = readFigureName(name);
  return threeDigits(value / (unit?.size ?? 1));
}

/** Cells are padded to the width of their column, as a formatter of Markdown would leave them. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  alignment: (column: number) => 'left' | 'right' = (column) => (column === 0 ? 'left' : 'right'),
): string[] {
  const widths = head.map((title, column) =>
    Math.max(3, ...[title, ...rows.map((row) => row[column] ?? '')].map((cell) => cell.length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((columns, index) => pad(cells[index] ?? '', columns, alignment(index))).join(' | ')} |`;
  const rule = widths.map((columns, index) =>
    alignment(index) === 'right' ? `${'-'.repeat(columns - 1)}:` : '-'.repeat(columns),
  );
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)];
}

function pad(cell: string, columns: number, side: 'left' | 'right'): string {
  const space = ' '.repeat(columns - cell.length);
  return side === 'left' ? cell + space : space + cell;
}
