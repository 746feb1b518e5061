/**
 * An export: 100,000 rows, one after the other, without holding them all.
 *
 * An operation is a whole export. `growthBytes` is what the process grew by, at its largest, over what it had
 * resident with an open connection before the first export; the garbage that V8 leaves lying for a while is
 * part of it.
 */
import {streamItem, streamItemCount} from '../../data-set';
import {implementationsOf} from '../programs';
import type {Programs} from '../programs';
import {repeat} from '../workload';
import type {OpenedWorkload, Workload} from '../workload';
import type {StreamProgram} from './program';

const programs: Programs<StreamProgram> = {
  ours: () => import('./ours.js'),
  postgres: () => import('./postgres.js'),
  'pg-named': () => import('./pg-query-stream.js'),
  'pg-unnamed': () => import('./pg-cursor.js'),
  'databases-pg': () => import('./databases-pg.js'),
  postgrejs: () => import('./postgrejs.js'),
};

export const stream: Workload = {
  title:
    '100,000 rows of 6 columns streamed, one connection (pg named: pg-query-stream; pg unnamed: pg-cursor)',
  poolSize: 1,
  inFlight: 1,
  server: 'memory',
  implementations: implementationsOf(programs, opened),
};

const bytesPerKibibyte = 1024;
const idSum = (streamItemCount * (streamItemCount + 1)) / 2;
const amountSum = idSum / 8;

function opened(program: StreamProgram): OpenedWorkload {
  let residentBytes = 0;
  return {
    check: async () => {
      await program.connect();
      residentBytes = process.memoryUsage.rss();
      await checkRows(program);
    },
    loop: () => repeat(() => sums(program), checkSums),
    close: () => program.close(),
    figures: () => {
      const peak = process.resourceUsage().maxRSS * bytesPerKibibyte;
      return Promise.resolve({growthBytes: peak - residentBytes});
    },
  };
}

interface Sums {
  readonly rows: number;
  readonly ids: number;
  readonly amounts: number;
}

async function sums(program: StreamProgram): Promise<Sums> {
  let rows = 0;
  let ids = 0;
  let amounts = 0;
  await program.exportRows((row) => {
    rows += 1;
    ids += row.id;
    amounts += row.amount;
  });
  return {rows, ids, amounts};
}

function checkSums({rows, ids, amounts}: Sums): void {
  if (rows !== streamItemCount || ids !== idSum || amounts !== amountSum) {
    throw new Error(`${rows} rows with sums ${ids} and ${amounts}`);
  }
}

async function checkRows(program: StreamProgram): Promise<void> {
  let count = 0;
  await program.exportRows((row) => {
    count += 1;
    const got = JSON.stringify(row);
    const expected = JSON.stringify(streamItem(count));
    if (got !== expected) throw new Error(`stream_item ${count} came as ${got}, not ${expected}`);
  });
  if (count !== streamItemCount) throw new Error(`${count} rows instead of ${streamItemCount}`);
}
