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
  // Long enough to open a connection on a loaded machine.
  const db = database.pool({poolSize: 1, queueTimeoutMilliseconds: 1000});
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

test('stats() says what runs on a connection, and what waits for it', async (context) => {
  const db = database.pool({captureStacks: true});
  for (let n = 0; n < 3; n++) await db.query(sql`SELECT ${n}::int AS often`);
  const end = new AbortController();
  context.after(() => end.abort());
  const slow = db.query(sql`SELECT pg_sleep(${600})`, {signal: end.signal});
  await eventually('it runs', () => db.stats().lanes[0]?.running !== undefined);
  const query = db.query(sql`SELECT ${1}::int AS waits`);
  const task = db.task(async function waitingTask(connection) {
    await connection.query(sql`SELECT pg_sleep(${0.05})`);
    const [lane] = db.stats().lanes;
    assert.equal(lane?.running, undefined, 'between two statements');
    const held = connection.query(sql`SELECT pg_sleep(${0.1}), 'held'`);
    await eventually('it runs', () => db.stats().lanes[0]?.running?.text.includes('held') === true);
    const [holding] = db.stats().lanes;
    assert.ok(
      (holding?.running?.milliseconds ?? Infinity) <= (holding?.lease?.heldMilliseconds ?? 0),
    );
    await held;
  });
  await eventually('both wait', () => db.stats().waiting === 2);

  const {lanes, waiters} = db.stats();
  assert.equal(lanes[0]?.running?.text, 'SELECT pg_sleep($1)');
  assert.ok((lanes[0]?.processId ?? 0) > 0 && lanes[0].preparedStatements > 0);
  assert.deepEqual(
    waiters.map(({purpose, text}) => [purpose, text]),
    [
      ['query', 'SELECT $1::int AS waits'],
      ['task', undefined],
    ],
  );
  for (const {waitedMilliseconds, site} of waiters) {
    assert.ok(waitedMilliseconds > 0);
    assert.match(site ?? '', /stats\.test/);
  }
  const waited = () => db.stats().lanes[0]?.running?.milliseconds ?? 0;
  const before = waited();
  await eventually('time passes', () => waited() > before);

  end.abort();
  await assert.rejects(slow, {name: 'AbortError'});
  await Promise.all([query, task]);
  assert.deepEqual(db.stats().waiters, []);
});

test('stats() lists at most 100 of those who wait, the oldest first', async () => {
  const db = database.pool();
  // What is known to be fast stands in another list than what is not.
  for (let n = 0; n < 3; n++) await db.query(sql`SELECT 'fast'`);
  const [entered, held] = [gate(), gate()];
  const task = db.task(async () => {
    entered.open();
    await held.opened;
  });
  await entered.opened;
  const queries = Array.from({length: 120}, (_, n) =>
    n % 2 === 0 ? db.query(sql`SELECT 'fast'`) : db.task(async () => n),
  );
  await eventually('all wait', () => db.stats().waiting === 120);
  const {waiters} = db.stats();
  assert.equal(waiters.length, 100);
  assert.deepEqual(
    waiters.slice(0, 4).map(({purpose, text}) => text ?? purpose),
    ["SELECT 'fast'", 'task', "SELECT 'fast'", 'task'],
  );
  held.open();
  await Promise.all([task, ...queries]);
});

test('stats() lists what failed, without values and without what Postgres says of them', async () => {
  const db = database.pool({queueTimeoutMilliseconds: 0});
  const secret = 'hunter2';
  await db.query(sql`CREATE TABLE accounts (email text CONSTRAINT one_each UNIQUE, n int)`);
  await db.query(sql`INSERT INTO accounts VALUES (${secret}, 1)`);
  const failing = [
    () => db.query(sql`SELECT ${secret}::text::int`),
    () => db.query(sql`INSERT INTO accounts VALUES (${secret}, 2)`),
    () => db.tx((tx) => tx.query(sql`INSERT INTO accounts VALUES (${secret}, 3)`)),
    () => db.query([sql`SELECT 1`, sql`SELECT 1 / ${0}::int`]),
    () => db.queryNodeStream(sql`SELECT ${secret}::text::float`).toArray(),
    () => db.copyFrom(sql`COPY accounts FROM STDIN`, [[secret, 4]]),
    () => db.copyTo(sql`COPY nothing TO STDOUT`).toArray(),
    () => db.query(sql`SELECT 1`, {signal: AbortSignal.abort()}),
  ];
  for (const fail of failing) await assert.rejects(fail());
  await assert.rejects(db.query(sql`SELECT 1 / ${0}::int`));
  await assert.rejects(db.query(sql`SELECT 1 / ${0}::int`));

  const {failures} = db.stats();
  assert.ok(!JSON.stringify(failures).includes(secret));
  const unique = 'UNIQUE_VIOLATION, schema public, table accounts, constraint one_each';
  assert.deepEqual(
    failures.map(({code, message, text, count}) => [code, message, text, count]),
    [
      ['22012', 'DIVISION_BY_ZERO', 'SELECT 1 / $1::int', 3],
      ['42P01', 'UNDEFINED_TABLE', 'COPY nothing TO STDOUT', 1],
      ['23505', unique, 'COPY accounts FROM STDIN', 1],
      ['22P02', 'INVALID_TEXT_REPRESENTATION', 'SELECT $1::text::float', 1],
      ['23505', unique, 'INSERT INTO accounts VALUES ($1, 3)', 1],
      ['23505', unique, 'INSERT INTO accounts VALUES ($1, 2)', 1],
      ['22P02', 'INVALID_TEXT_REPRESENTATION', 'SELECT $1::text::int', 1],
    ],
  );
  const ages = failures.map(({ageMilliseconds}) => ageMilliseconds);
  assert.deepEqual(
    ages,
    [...ages].sort((a, b) => a - b),
  );
  for (let n = 0; n < 30; n++) {
    await assert.rejects(db.query(sql.__dangerous__rawValue(`SELECT nothing_${n}`)));
  }
  assert.equal(db.stats().failures.length, 20);
  assert.equal(db.stats().failures[0]?.text, 'SELECT nothing_29');
});

test('stats() tells of connections that could not be opened or were lost', async () => {
  const db = database.pool({poolSize: 1, onError: () => undefined});
  const nowhere = database.pool({database: 'not_there', onError: () => undefined});
  await assert.rejects(nowhere.query(sql`SELECT 1`));
  assert.equal(nowhere.stats().failures[0]?.code, '3D000');
  await db.query(sql`SELECT 1`);
  const observer = database.pool();
  await observer.query(sql`SELECT pg_terminate_backend(${db.stats().lanes[0]?.processId})`);
  await eventually('it is gone', () => db.stats().lanes.length === 0);
  assert.equal(db.stats().failures[0]?.text, undefined);
});
