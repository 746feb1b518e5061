/**
 * A bulk load: 100,000 rows of 5 columns, from objects that the program has.
 *
 * An operation empties the table (`TRUNCATE`, some milliseconds) and fills it in the fastest way that the peer's
 * documentation shows; turning objects into what that way takes belongs to it. The table is UNLOGGED: not the
 * server's log is to be measured, and thousands of loads would fill the memory that it is kept in.
 *
 * The peer `psql` copies a file with the same rows: the floor.
 */
import {insertItem, insertItemCount} from '../../data-set';
import type {SessionOptions} from '../../peers/peer';
import {implementationsOf} from '../programs';
import type {Programs} from '../programs';
import {repeat} from '../workload';
import type {OpenedWorkload, Workload} from '../workload';
import type {InsertProgram} from './program';

const programs: Programs<InsertProgram> = {
  ours: () => import('./ours.js'),
  postgres: () => import('./postgres.js'),
  'pg-named': () => import('./pg-copy-streams.js'),
  'pg-unnamed': () => import('./pg-unnest.js'),
  'databases-pg': () => import('./databases-pg.js'),
  postgrejs: () => import('./postgrejs.js'),
  bun: () => import('./bun.js'),
  psql: () => import('./psql.js'),
};

export const insert: Workload = {
  title:
    '100,000 rows of 5 columns stored, one connection (pg named: pg-copy-streams; pg unnamed: unnest of arrays)',
  poolSize: 1,
  inFlight: 1,
  server: 'memory',
  implementations: implementationsOf(programs, opened),
};

function opened(program: InsertProgram, {url}: SessionOptions): OpenedWorkload {
  const items = Array.from({length: insertItemCount}, (_, index) => insertItem(index + 1));
  const refill = async () => {
    await program.empty();
    return program.insert(items);
  };
  return {
    check: async () => {
      checkCount(await refill());
    },
    loop: () => repeat(refill, checkCount),
    close: () => program.close(),
    figures: async () => {
      const {checkStored} = await import('./stored.js');
      await checkStored(url, items);
      return (await program.figures?.()) ?? {};
    },
  };
}

function checkCount(count: number): void {
  if (count !== insertItemCount) throw new Error(`${count} rows instead of ${insertItemCount}`);
}
