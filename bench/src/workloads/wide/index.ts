/** 50 rows of 200 columns: what a column costs, and a row that is not small. */
import {onEveryPeer} from '../statement-runner';

type Row = Readonly<Record<string, unknown>>;
import {repeat} from '../workload';
import type {Workload} from '../workload';

const rowCount = 50;
const columnCount = 200;
const kinds = ['number', 'word', 'ratio', 'even'] as const;

const columns = Array.from({length: columnCount}, (_, index) => `${kinds[index % 4]} AS c${index}`);
const text = `SELECT ${columns.join(', ')} FROM (
  SELECT number, 'word ' || number AS word, number / 4.0::float8 AS ratio, number % 2 = 0 AS even
  FROM generate_series(1, ${rowCount}) number
) source`;

function expected(number: number): Row {
  const values = [number, `word ${number}`, number / 4, number % 2 === 0];
  return Object.fromEntries(
    Array.from({length: columnCount}, (_, index) => [`c${index}`, values[index % 4]]),
  );
}

function checkRows(rows: readonly Row[]): void {
  if (rows.length !== rowCount) throw new Error(`${rows.length} rows`);
  for (const [index, {c0, c197, c198}] of rows.entries()) {
    const number = index + 1;
    if (c0 !== number || c197 !== `word ${number}` || c198 !== number / 4) {
      throw new Error(`row ${number} came with ${String(c0)}, ${String(c197)}, ${String(c198)}`);
    }
  }
}

export const wide: Workload = {
  title: '50 rows of 200 columns (int4, text, float8, bool), pool of 4, 4 in flight',
  poolSize: 4,
  inFlight: 4,
  server: 'memory',
  implementations: onEveryPeer((runner) => {
    const statement = runner.prepare<Row>('wide', text);
    return {
      check: async () => {
        const rows = await statement([]);
        checkRows(rows);
        for (const [index, row] of rows.entries()) {
          if (JSON.stringify({...row}) !== JSON.stringify(expected(index + 1))) {
            throw new Error(`row ${index + 1} came as ${JSON.stringify(row)}`);
          }
        }
      },
      loop: () => repeat(() => statement([]), checkRows),
    };
  }),
};
