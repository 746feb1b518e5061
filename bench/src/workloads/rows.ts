/** 1000 rows of 10 mixed columns: what decoding costs. */
import {wideItem} from '../data-set';
import type {Session, WideRow} from '../peers/peer';
import {repeat} from './workload';
import type {Workload} from './workload';

const rowCount = 1000;

/** The peers choose types of their own for these; their values must be the same all the same. */
function normalise(row: WideRow): unknown {
  return {
    ...row,
    counter: Number(row.counter),
    created_at: instant(row.created_at),
    amount: Number(row.amount),
  };
}

function instant(value: unknown): number {
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'string') return Date.parse(value);
  throw new Error(`created_at came as ${typeof value}`);
}

async function check(session: Session): Promise<void> {
  const rows = await session.rows(rowCount);
  for (const [index, row] of rows.entries()) {
    const got = JSON.stringify(normalise(row));
    const expected = JSON.stringify(wideItem(index + 1));
    if (got !== expected) throw new Error(`wide_item ${index + 1} came as ${got}, not ${expected}`);
  }
  checkSums(rows);
}

const idSum = (rowCount * (rowCount + 1)) / 2;
const ratioSum = idSum / 8;

function checkSums(rows: readonly WideRow[]): void {
  let ids = 0;
  let ratios = 0;
  for (const row of rows) {
    ids += row.id;
    ratios += row.ratio;
  }
  if (rows.length !== rowCount || ids !== idSum || ratios !== ratioSum) {
    throw new Error(`${rows.length} rows with sums ${ids} and ${ratios}`);
  }
}

export const rows: Workload = {
  title: '1000 rows of 10 columns, pool of 4, 4 in flight',
  poolSize: 4,
  inFlight: 4,
  server: 'memory',
  check,
  loop: (session) => repeat(() => session.rows(rowCount), checkSums),
};
