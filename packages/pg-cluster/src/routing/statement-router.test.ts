import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {ResultRow} from '@databases/pg';
import sql from '@databases/sql';
import type {SQLQuery} from '@databases/sql';
import {changeBy, heedChange, verdictOf} from './call-verdict';
import {StatementRouter} from './statement-router';

/** Readings of the catalogue that end when the test says so, one at a time. */
function routerOf() {
  const readings: PromiseWithResolvers<ResultRow[]>[] = [];
  const clock = {now: 0};
  const router = new StatementRouter({
    reads: [],
    writes: [],
    now: () => clock.now,
    ask() {
      const reading = withResolvers<ResultRow[]>();
      readings.push(reading);
      return reading.promise;
    },
  });
  /** What the cluster does with a statement: decides, runs it, and asks whether it changed the catalogue. */
  const run = (query: SQLQuery) => {
    const {target} = verdictOf(router, query, undefined);
    heedChange(router, changeBy(router, query), query);
    return target;
  };
  return {router, readings, run, clock};
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

const dynamic = () => sql.__dangerous__rawValue('DO $$ BEGIN END $$');
const call = sql`CALL refresh_totals()`;

test('under steady CALL and DO the catalogue is used, and read again now and then', async () => {
  const {router, readings, run, clock} = routerOf();
  run(read);
  run(call);
  readings[0]?.resolve([]);
  await traffic(run);
  for (let times = 0; times < 5; times++) {
    run(call);
    run(dynamic());
    assert.equal(run(read), 'replica');
  }
  assert.equal(readings.length, 1);
  clock.now = 1500;
  // As the monitor does when a probe is answered.
  assert.equal(router.stale, true);
  run(dynamic());
  assert.equal(readings.length, 2);
  assert.equal(run(read), 'replica');
  readings[1]?.resolve([]);
  await traffic(run);
  assert.equal(run(read), 'replica');
  assert.equal(readings.length, 2);
});

test('what a CALL has changed counts when the catalogue was read again', async () => {
  const {readings, run, clock} = routerOf();
  run(read);
  readings[0]?.resolve([]);
  await traffic(run);
  clock.now = 1500;
  run(call);
  assert.equal(readings.length, 2);
  readings[1]?.resolve([{kind: 'denied', name: 'numbers', text: null}]);
  await traffic(run);
  assert.equal(run(read), 'primary');
});

test('a CALL that left the catalogue as it was is believed, until the catalogue is another', async () => {
  const {router, readings, run, clock} = routerOf();
  run(read);
  readings[0]?.resolve([]);
  await traffic(run);
  clock.now = 1500;
  run(call);
  readings[1]?.resolve([]);
  await traffic(run);
  clock.now = 3000;
  run(call);
  assert.equal(router.stale, false);
  assert.equal(readings.length, 2);
  run(sql`CREATE TABLE others (n int)`);
  readings[2]?.resolve([{kind: 'denied', name: 'others', text: null}]);
  await traffic(run);
  clock.now = 4500;
  run(call);
  assert.equal(readings.length, 4);
});

test('one that ended while the catalogue was read is not believed by that reading', async () => {
  const {router, readings, run, clock} = routerOf();
  run(read);
  readings[0]?.resolve([]);
  await traffic(run);
  clock.now = 1500;
  void router.refresh();
  run(call);
  readings[1]?.resolve([]);
  await traffic(run);
  clock.now = 3000;
  assert.equal(router.stale, true);
});

test('a volatile function of the program may change the catalogue as a CALL may', async () => {
  const {readings, run, clock} = routerOf();
  run(read);
  readings[0]?.resolve([
    {kind: 'denied', name: 'archive', text: null},
    {kind: 'code', name: 'archive', text: null},
  ]);
  await traffic(run);
  clock.now = 1500;
  run(sql`SELECT other_function(1)`);
  assert.equal(readings.length, 1);
  run(sql`SELECT "archive"(1)`);
  assert.equal(readings.length, 2);
  assert.equal(run(read), 'replica');
});

void test('another count of what was written to the catalogue has it read again, the first one does not', async () => {
  const {router, readings, clock} = routerOf();
  void router.refresh();
  readings[0]?.resolve([]);
  await settled(router);
  clock.now = 5000;
  router.counted('7');
  router.counted('7');
  assert.equal(readings.length, 1);
  router.counted('8');
  assert.equal(readings.length, 2);
  readings[1]?.resolve([]);
  await settled(router);
  // A standby, or a monitor that found no statistics, says nothing.
  clock.now = 10_000;
  router.counted(undefined);
  assert.equal(readings.length, 2);
});

/** What was asked has been read, or nothing was asked. */
function settled(router: StatementRouter): Promise<void> {
  return new Promise((resolve) => {
    const look = () =>
      router.missing || !router.stale ? setImmediate(resolve) : setImmediate(look);
    setImmediate(look);
  });
}
