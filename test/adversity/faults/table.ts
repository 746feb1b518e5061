/** The table of faults in docs/reliability.md, between its markers. Pure. */
import type {ClientName} from './catalog';
import type {Fault, Outcome} from './fault';

export interface TableRow {
  readonly fault: Pick<Fault, 'promise' | 'title'>;
  readonly outcomes: Partial<Readonly<Record<ClientName, Outcome>>>;
}

const BEGIN = '<!-- faults: written by `npm run faults -- --peers` -->';
const END = '<!-- end of faults -->';

export function tableOf(rows: readonly TableRow[], remark: string): string {
  const lines = rows.map(({fault, outcomes}) => {
    const cells = [outcomes.ours, outcomes.pg, outcomes.postgres].map(cellOf);
    return `| ${fault.promise} | ${escaped(fault.title)} | ${cells.join(' | ')} |`;
  });
  return [
    remark,
    '',
    '| | Fault | @databases/pg | pg 8.23.1 | postgres 3.4.9 |',
    '| - | - | - | - | - |',
    ...lines,
  ].join('\n');
}

function cellOf(outcome: Outcome | undefined): string {
  if (outcome === undefined) return '';
  return `${outcome.kept ? '✓' : '✗'} ${escaped(outcome.figure)}`;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

/** @throws {Error} The page has no markers. */
export function putTable(page: string, table: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`the page has no ${BEGIN} ... ${END}`);
  return `${page.slice(0, from + BEGIN.length)}\n\n${table}\n\n${page.slice(to)}`;
}
