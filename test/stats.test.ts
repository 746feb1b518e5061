import assert from 'node:assert/strict';
import {test} from 'node:test';
import {sql} from '@databases/pg';
import type {PoolStats} from '@databases/pg';
import {eventually} from './support/activity';
import {useDatabase} from './support/database';
import {gate} from './support/gate';

const database = useDatabase();

test('stats() tells what each connection of the pool does, and what waits', async (context) => {
  const db = database.pool({poolSize: 2});
  const nothing = {total: 0, idle: 0, leased: 0, busy: 0, connecting: 0, waiting: 0, max: 2};
  const counts = () => countsOf(db.stats());
  assert.deepEqual(counts(), nothing);

  const [held, entered] = [gate(), gate()];
  const end = new AbortController();
  context.after(() => {
    held.open();
    end.abort();
  });
  const task = db.task(async () => {
    entered.open();
    await held.opened;
  });
  await eventually('it connects', () => db.stats().connecting === 1);
  await entered.opened;
  assert.deepEqual(counts(), {...nothing, total: 1, leased: 1});

  const query = db.query(sql`SELECT pg_sleep(600)`, {signal: end.signal});
  await eventually('a second connection works on the query', () => db.stats().busy === 1);
  const waiting = db.task(() => Promise.resolve());
  await eventually('a task waits', () => db.stats().waiting === 1);
  assert.equal(db.stats().total, 2);

  held.open();
  end.abort();
  await assert.rejects(query, {name: 'AbortError'});
  await Promise.all([task, waiting]);
  await eventually('both are idle', () => db.stats().idle === 2);
  assert.deepEqual(counts(), {...nothing, total: 2, idle: 2});

  await db.dispose();
  assert.deepEqual(counts(), nothing);
});

function countsOf({total, idle, leased, busy, connecting, waiting, max}: PoolStats) {
  return {total, idle, leased, busy, connecting, waiting, max};
}

test('stats() names the pool and its limits, and is plain data', () => {
  const db = database.pool({poolSize: 7, poolName: 'shop'});
  const {name, serverAddress, serverPort, database: of, limits} = db.stats();
  const url = new URL(database.url);
  assert.deepEqual(
    [name, serverAddress, `${serverPort}`, `/${of}`],
    ['shop', url.hostname, url.port, url.pathname],
  );
  assert.equal(limits.poolSize, 7);
  const unnamed = database.pool();
  assert.equal(unnamed.stats().name, `${url.host}${url.pathname}`);
  assert.deepEqual(JSON.parse(JSON.stringify(db.stats())).totals, db.stats().totals);
});

test('stats() counts what happened', async () => {
  const db = database.pool({poolSize: 1, queueTimeoutMilliseconds: 50});
  const [entered, held] = [gate(), gate()];
  await db.query(sql`SELECT 1`);
  await db.query(sql`SELECT 2`);
  const task = db.task(async () => {
    entered.open();
    await held.opened;
  });
  await entered.opened;
  await assert.rejects(db.query(sql`SELECT 3`), {code: 'CONNECTION_POOL:QUEUE_TIMEOUT'});
  held.open();
  await task;
  await db.dispose();
  assert.deepEqual(db.stats().totals, {
    opened: 1,
    closed: 1,
    openFailures: 0,
    leases: 1,
    queries: 2,
    queueTimeouts: 1,
  });
  const nowhere = database.pool({database: 'not_there'});
  await assert.rejects(nowhere.query(sql`SELECT 1`), {code: '3D000'});
  assert.equal(nowhere.stats().totals.openFailures, 1);
});

test('stats() says who holds a connection and for how long', async () => {
  const db = database.pool({captureStacks: true});
  await db.tx(async function theHolder(tx) {
    await tx.query(sql`SELECT ${1}::int + ${2}`);
    const [lane, ...others] = db.stats().lanes;
    assert.equal(others.length, 0);
    assert.ok(lane?.lease !== undefined);
    assert.deepEqual([lane.phase, lane.uses, lane.inFlight], ['leased', 1, 0]);
    assert.ok(
      lane.ageMilliseconds >= lane.lease.heldMilliseconds && lane.lease.heldMilliseconds > 0,
    );
    assert.equal(lane.lease.purpose, 'transaction');
    assert.equal(lane.lease.work, 'last ran: SELECT $1::int + $2');
    assert.match(lane.lease.site ?? '', /stats\.test/);
  });
  assert.equal(db.stats().lanes[0]?.lease, undefined);
});

test('stats() lists the statements on which most time was spent', async () => {
  const db = database.pool();
  assert.deepEqual(db.stats().statements, []);
  await db.query(sql`SELECT ${[1]}::int[]`);
  await db.task((task) => task.query(sql`SELECT ${['a']}::text[]`));
  // Describing them first is not running them.
  assert.deepEqual(
    db
      .stats()
      .statements.filter(({text}) => text.startsWith('SELECT $1'))
      .map(({count}) => count),
    [1, 1],
  );
  for (const seconds of [0.05, 0]) await db.query(sql`SELECT pg_sleep(${seconds})`);
  await db.task((task) => task.query(sql`SELECT 1`));
  await db.tx((tx) => tx.query(sql`SELECT 1`));
  const [slow] = db.stats().statements;
  assert.ok(slow !== undefined);
  assert.deepEqual([slow.text, slow.count], ['SELECT pg_sleep($1)', 2]);
  assert.ok(slow.longestMilliseconds >= 49 && slow.totalMilliseconds >= slow.longestMilliseconds);
  assert.equal(slow.meanMilliseconds, slow.totalMilliseconds / 2);
  assert.equal(db.stats().statements.find(({text}) => text === 'SELECT 1')?.count, 2);
  for (let n = 0; n < 30; n++) await db.query(sql.__dangerous__rawValue(`SELECT ${n} AS many`));
  assert.equal(db.stats().statements.length, 20);
});
