import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {ResultRow} from '@databases/pg';
import sql from '@databases/sql';
import type {SQLQuery} from '@databases/sql';
import {mayChange, verdictOf} from './call-verdict';
import {StatementRouter} from './statement-router';

/** Readings of the catalogue that end when the test says so, one at a time. */
function routerOf() {
  const readings: PromiseWithResolvers<ResultRow[]>[] = [];
  const router = new StatementRouter({
    reads: [],
    writes: [],
    now: () => 0,
    ask() {
      const reading = withResolvers<ResultRow[]>();
      readings.push(reading);
      return reading.promise;
    },
  });
  /** What the cluster does with a statement: decides, runs it, and asks whether it changed the catalogue. */
  const run = (query: SQLQuery) => {
    const {target} = verdictOf(router, query, undefined);
    if (mayChange(router, query)) router.changed();
    return target;
  };
  return {router, readings, run};
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let settle: Omit<PromiseWithResolvers<T>, 'promise'> | undefined;
  const promise = new Promise<T>((resolve, reject) => (settle = {resolve, reject}));
  assert.ok(settle);
  return {promise, ...settle};
}

const read = sql`SELECT n FROM numbers`;
const lasting = [
  read,
  sql`INSERT INTO numbers VALUES (${1})`,
  sql`CREATE TEMPORARY TABLE mine (n int)`,
  sql`SELECT someones_function()`,
];

/** As long as the queries of the program that come while the catalogue is read, and then a little. */
async function traffic(run: (query: SQLQuery) => string): Promise<void> {
  for (let index = 0; index < 20; index++) {
    for (const query of lasting) run(query);
    await Promise.resolve();
  }
}

test('what runs while the catalogue is read for the first time does not keep reads from replicas', async () => {
  const {readings, run} = routerOf();
  await traffic(run);
  assert.equal(run(read), 'primary');
  assert.equal(readings.length, 1);
  readings[0]?.resolve([]);
  await traffic(run);
  assert.equal(run(read), 'replica');
  assert.equal(readings.length, 1);
});

test('after DDL under steady reads one more reading brings them back to replicas', async () => {
  const {readings, run} = routerOf();
  run(read);
  readings[0]?.resolve([]);
  await traffic(run);
  run(sql`CREATE TABLE others (n int)`);
  await traffic(run);
  assert.equal(run(read), 'primary');
  assert.equal(readings.length, 2);
  readings[1]?.resolve([]);
  await traffic(run);
  assert.equal(run(read), 'replica');
  assert.equal(readings.length, 2);
});

test('what was read while DDL ran may lack it, and is read once more', async () => {
  const {readings, run} = routerOf();
  run(read);
  run(sql`CREATE VIEW seen AS SELECT nextval('numbering')`);
  readings[0]?.resolve([]);
  await traffic(run);
  assert.equal(run(read), 'primary');
  assert.equal(readings.length, 2);
  readings[1]?.resolve([]);
  await traffic(run);
  assert.equal(run(read), 'replica');
});

test('a reading that failed is made again for the next statement', async () => {
  const {readings, run} = routerOf();
  run(read);
  readings[0]?.reject(new Error('no node answers'));
  await traffic(run);
  assert.equal(readings.length, 2);
  readings[1]?.resolve([]);
  await traffic(run);
  assert.equal(run(read), 'replica');
});

test('DDL at the very moment at which a reading ends has the catalogue read again', async () => {
  for (let turns = 0; turns < 8; turns++) {
    const {readings, run} = routerOf();
    run(read);
    readings[0]?.resolve([]);
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    run(sql`ALTER FUNCTION counted() VOLATILE`);
    assert.equal(run(read), 'primary', `after ${turns} turns`);
    await traffic(run);
    assert.equal(readings.length, 2, `after ${turns} turns`);
    readings[1]?.resolve([]);
    await traffic(run);
    assert.equal(run(read), 'replica', `after ${turns} turns`);
  }
});
