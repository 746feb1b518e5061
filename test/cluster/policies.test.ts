/** Where reads go without replicas, what programs say against the rules, and the catalogue after a transaction. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ConnectionError, DatabaseError, sql} from '@databases/pg';
import type {ConnectionPool, ConnectionPoolConfig} from '@databases/pg';
import createCluster, {onPrimary, onReplica} from '@databases/pg-cluster';
import {failureOf} from '../support/failure';
import {poolOf, until, useReplicated} from '../support/replicated';

const replicated = useReplicated(1);

/** A pool on the standby whose queries fail as if its connections broke; its monitor's do not. */
function brokenReplica(): ConnectionPool {
  const pool = poolOf(replicated.replica(0));
  pool.query = () =>
    Promise.reject(new ConnectionError('the test says so', {code: 'PG_CONNECTION_LOST'}));
  return pool;
}

/** A read that lasts until somebody lets go of the lock, however long a busy machine takes for all else. */
const heldRead = (index: number) => `SELECT pg_advisory_xact_lock_shared(8) AS read${index}`;
const isHeld = (text: string) => text.includes('lock_shared(8)');
const where = () => sql`SELECT pg_is_in_recovery() AS standby`;
const standby = async (rows: Promise<{standby: boolean}[]>) => (await rows)[0]?.standby;
const make = (volatility: string) =>
  sql.__dangerous__rawValue(
    `/* again */ CREATE OR REPLACE FUNCTION changeable() RETURNS int LANGUAGE sql ${volatility} AS 'SELECT 1'`,
  );
const slowRead = () => onReplica(sql`SELECT pg_sleep(0.1)`);

void test('reads without a replica take a part of the primary, and wait for it in order', async () => {
  const running = new Set<string>();
  const started: string[] = [];
  let most = 0;
  const primary = poolOf(replicated.servers.primary, {
    poolSize: 4,
    onQueryStart(_, {text}) {
      if (!isHeld(text)) return;
      started.push(text);
      most = Math.max(most, running.add(text).size);
    },
    onQueryResults(_, {text}) {
      running.delete(text);
    },
  });
  await using db = createCluster(primary, brokenReplica());
  const limits: number[] = [];
  db.on('spill', ({limit}) => void limits.push(limit));
  await using gatekeeper = poolOf(replicated.servers.primary);
  await gatekeeper.task(async (gate) => {
    await gate.query(sql`SELECT pg_advisory_lock(8)`);
    const texts = Array.from({length: 6}, (_, index) => heldRead(index));
    const reads = texts.map((text) => db.query(onReplica(sql.__dangerous__rawValue(text))));
    await until(() => running.size === 2);
    // Writes have the rest of the primary, and reads that must see the primary are not counted.
    await db.query(sql`CREATE TABLE beside (id int)`);
    await db.query(sql`SELECT 1`, {on: 'primary'});
    assert.deepEqual([...running], texts.slice(0, 2));
    await gate.query(sql`SELECT pg_advisory_unlock(8)`);
    await Promise.all(reads);
    assert.deepEqual(started, texts);
    assert.deepEqual(limits, [2]);
    assert.equal(most, 2);
  });
});

void test('a read that finds no place on the primary in time was not sent', async () => {
  const primary = poolOf(replicated.servers.primary, {poolSize: 1});
  await using db = createCluster(primary, brokenReplica(), {failoverTimeoutMilliseconds: 20});
  const first = db.query(slowRead());
  const failure = await failureOf(db.query(slowRead()));
  assert.ok(failure instanceof ConnectionError);
  assert.equal(failure.sent, 'no');
  assert.match(failure.message, /waited 20 ms behind 1 others.*primarySpill/);
  assert.equal((await first).length, 1);

  const stopped = new Error('enough');
  const controller = new AbortController();
  await using patient = createCluster(
    poolOf(replicated.servers.primary, {poolSize: 1}),
    brokenReplica(),
  );
  patient.on('spill', () => controller.abort(stopped));
  const running = patient.query(slowRead());
  await assert.rejects(patient.query(slowRead(), {signal: controller.signal}), stopped);
  assert.equal((await running).length, 1);

  await using none = createCluster(poolOf(replicated.servers.primary), brokenReplica(), {
    primarySpill: 0,
  });
  const refused = await failureOf(none.query(slowRead()));
  assert.match(refused.message, /primarySpill is 0/);
  assert.equal((await none.query(sql`SELECT 1`, {on: 'primary'})).length, 1);
});

void test("with noReplica: 'error', what no replica serves is served by nobody", async () => {
  await using db = createCluster(poolOf(replicated.servers.primary), brokenReplica(), {
    noReplica: 'error',
  });
  const failure = await failureOf(db.query(onReplica(sql`SELECT 1`)));
  assert.ok(failure instanceof ConnectionError);
  assert.match(failure.message, /noReplica is 'error'/);
  assert.equal(failure.sent, 'no');
  assert.equal((await db.query(sql`SELECT 1`, {on: 'primary'})).length, 1);
  await assert.rejects(async () => {
    await using gone = createCluster(
      poolOf(replicated.servers.primary),
      poolOf(replicated.replica(0), {database: 'does_not_exist'}),
      {noReplica: 'error'},
    );
    for await (const _ of gone.queryStream(onReplica(sql`SELECT 1 AS one`))) continue;
  }, ConnectionError);
});

void test('a statement, a task and a transaction may say where they run', async () => {
  await using db = replicated.cluster();
  assert.equal(await standby(db.query(where())), false);
  assert.equal(await standby(db.query(onReplica(where()))), true);
  assert.equal((await db.explain(onReplica(where()))).rule, 'byProgram');
  assert.equal(await standby(db.query(onPrimary(onReplica(where())))), false);
  const both = await db.query([onReplica(where()), onReplica(where())]);
  assert.deepEqual(both, [[{standby: true}], [{standby: true}]]);
  assert.equal(
    await standby(db.task((connection) => connection.query(where()), {on: 'replica'})),
    true,
  );
  assert.equal(await standby(db.tx((tx) => tx.query(where()), {on: 'replica'})), true);
  assert.equal(
    await standby(db.tx((tx) => tx.query(where()), {on: 'primary', readOnly: true})),
    false,
  );
  // Where there is no replica it may write no more than it could have there.
  await using alone = createCluster(poolOf(replicated.servers.primary), []);
  const refused = await failureOf(
    alone.tx((tx) => tx.query(sql`CREATE TABLE never (id int)`), {on: 'replica'}),
  );
  assert.ok(refused instanceof DatabaseError && refused.code === '25006');
});

void test('what a transaction or a task changed of the catalogue counts as soon as it has ended', async () => {
  await using db = replicated.cluster();
  const target = async (query = sql`SELECT changeable()`) => (await db.explain(query)).target;
  await db.query(make('STABLE'));
  await until(async () => (await target()) === 'replica');
  await db.tx(async (tx) => {
    await tx.tx((inner) => inner.query(make('VOLATILE')));
    await tx.query(sql`SELECT 1`);
  });
  assert.equal(await target(), 'primary');
  await until(async () => (await target(sql`SELECT 1`)) === 'replica');
  assert.equal(await target(), 'primary');
  await db.task((connection) => connection.query(make('STABLE')));
  await until(async () => (await target()) === 'replica');
  // One of several statements of a text.
  await db.query(sql`SELECT 1; ${make('VOLATILE')}`);
  assert.equal(await target(), 'primary');
});

void test('reads reach replicas under a constant stream of CALL, DO and functions that may run DDL', async () => {
  let readings = 0;
  const onQueryStart: ConnectionPoolConfig['onQueryStart'] = (_, {text}) => {
    if (text.includes('volatile_function AS')) readings++;
  };
  await using db = replicated.cluster({consistency: 'eventual'}, {onQueryStart});
  await db.query(sql`
    CREATE TABLE totals (id int);
    CREATE PROCEDURE refresh_totals() LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; END $$;
    CREATE FUNCTION touch_totals() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
  `);
  await replicated.servers.catchUp();
  await until(async () => (await db.explain(sql`SELECT id FROM totals`)).target === 'replica');
  let running = true;
  const isRunning = () => running;
  let calls = 0;
  const stream = (async () => {
    while (isRunning()) {
      await db.query(sql`CALL refresh_totals()`);
      await db.query(sql.__dangerous__rawValue(`DO $$ BEGIN PERFORM ${calls}; END $$`));
      await db.query(sql`SELECT touch_totals()`);
      await db.tx((tx) => tx.query(sql`CALL refresh_totals()`));
      calls++;
    }
  })();
  try {
    const enough = readings + 2;
    const isEnough = () => readings >= enough;
    const deadline = performance.now() + 20_000;
    while (!isEnough()) {
      assert.ok(performance.now() < deadline, `the catalogue was read ${readings} times`);
      const ran = calls;
      await until(() => calls > ran);
      assert.equal((await db.explain(sql`SELECT id FROM totals`)).target, 'replica');
      assert.equal((await db.query(sql`SELECT id FROM totals`)).length, 0);
    }
    // What one of them does is known soon all the same.
    await db.query(sql`DO $$ BEGIN EXECUTE 'CREATE UNLOGGED TABLE made_by_do (id int)'; END $$`);
    await until(
      async () => (await db.explain(sql`SELECT id FROM made_by_do`)).target === 'primary',
    );
  } finally {
    running = false;
    await stream;
  }
});

void test('a name that no statement may take to a replica is refused in reads', () => {
  for (const name of ['pg_is_in_recovery', 'pg_stat_activity', 'dblink']) {
    const reads = ['my_function', name];
    assert.throws(() => createCluster({hosts: ['localhost']}, {reads}), {
      name: 'UsageError',
      message: new RegExp(`what ${name} says belongs to one node or session.*no effect`),
    });
  }
});
