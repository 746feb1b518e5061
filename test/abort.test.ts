import assert from 'node:assert/strict';
import {getEventListeners} from 'node:events';
import {connect} from 'node:net';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import type {Queryable} from '@databases/pg';
import {processId, whenNotRunning, whenRunning} from './support/activity';
import {gate} from './support/gate';
import {useServer} from './support/server';
import {openWireTap} from './support/wire-tap';

const postgres = useServer();

const reason = new Error('enough');
const isReason = (error: unknown) => error === reason;

test('aborting a running query rejects with the reason and ends it on the server', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  await using observer = createConnectionPool(postgres.url);
  const before = await processId(db);
  const abort = async (queryable: Queryable) => {
    for (const query of [
      (signal: AbortSignal) => queryable.query(sql`SELECT pg_sleep(1000)`, {signal}),
      (signal: AbortSignal) =>
        queryable.query([sql`SELECT 1`, sql`SELECT pg_sleep(1000)`, sql`SELECT 2`], {signal}),
    ]) {
      const controller = new AbortController();
      const running = query(controller.signal);
      await whenRunning(observer, 'pg_sleep(1000)');
      controller.abort(reason);
      await assert.rejects(running, isReason);
      await whenNotRunning(observer, 'pg_sleep(1000)');
    }
  };
  await abort(db);
  await db.task(abort);
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
  assert.equal(await processId(db), before);
});

test('a query that is aborted in a transaction fails the transaction, unless it is nested', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  await using observer = createConnectionPool(postgres.url);
  await db.query(sql`CREATE TABLE aborted (id int)`);
  const sleep = async (queryable: Queryable) => {
    const controller = new AbortController();
    const {signal} = controller;
    const running = queryable.query(sql`SELECT pg_sleep(1000)`, {signal});
    await whenRunning(observer, 'pg_sleep(1000)');
    controller.abort(reason);
    await assert.rejects(running, isReason);
  };
  const swallowed = db.tx(async (tx) => {
    await tx.query(sql`INSERT INTO aborted VALUES (1)`);
    await sleep(tx);
  });
  await assert.rejects(swallowed, {code: 'PG_TRANSACTION_ROLLED_BACK'});
  await db.tx(async (tx) => {
    await tx.query(sql`INSERT INTO aborted VALUES (2)`);
    await tx
      .tx(async (nested) => {
        await sleep(nested);
        throw reason;
      })
      .catch(() => undefined);
    await tx.query(sql`INSERT INTO aborted VALUES (3)`);
  });
  assert.deepEqual(await db.query(sql`SELECT id FROM aborted ORDER BY id`), [{id: 2}, {id: 3}]);
});

test('a query that is aborted while it waits for its turn on the connection is ended on the server', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const controllers = [new AbortController(), new AbortController()] as const;
  const [first, second] = controllers;
  await db.task(async (task) => {
    const running = task.query(sql`SELECT pg_sleep(0.05)`, {signal: first.signal});
    const waiting = task.query(sql`SELECT pg_sleep(1000)`, {signal: second.signal});
    second.abort(reason);
    await assert.rejects(waiting, isReason);
    await running;
    assert.deepEqual(await task.query(sql`SELECT 1 AS one`), [{one: 1}]);
  });
});

test('what waits for a cancel request when its task ends is through before the connection is given on', async () => {
  let sockets = 0;
  const cancelMayGo = gate();
  await using db = createConnectionPool({
    connectionString: postgres.url,
    poolSize: 1,
    async socket({host, port}) {
      if (++sockets > 1) await cancelMayGo.opened;
      return connect(port, host);
    },
  });
  await using observer = createConnectionPool(postgres.url);
  await db.query(sql`CREATE TABLE behind_cancel (id int)`);
  const controller = new AbortController();
  await db.task(async (task) => {
    const aborted = task.query(sql`SELECT pg_sleep(0.2), 'aborted'`, {signal: controller.signal});
    await whenRunning(observer, "'aborted'");
    controller.abort(reason);
    await assert.rejects(aborted, isReason);
    await whenNotRunning(observer, "'aborted'");
    void task.query(sql`BEGIN`);
    setTimeout(() => cancelMayGo.open(), 20);
  });
  await db.query(sql`INSERT INTO behind_cancel VALUES (1)`);
  assert.deepEqual(await observer.query(sql`SELECT id FROM behind_cancel`), [{id: 1}]);
});

test('a signal that was aborted before: nothing is sent', async () => {
  const tap = await openWireTap(postgres.url);
  try {
    await using db = createConnectionPool({connectionString: tap.url, poolSize: 1});
    await db.query(sql`SELECT 0`);
    tap.clear();
    const signal = AbortSignal.abort(reason);
    await assert.rejects(db.query(sql`SELECT 1`, {signal}), isReason);
    await assert.rejects(db.query([sql`SELECT 1`, sql`SELECT 2`], {signal}), isReason);
    await assert.rejects(
      db.tx(async () => assert.fail('the callback does not run'), {signal}),
      isReason,
    );
    await db.task((task) => assert.rejects(task.query(sql`SELECT 1`, {signal}), isReason));
    assert.deepEqual([tap.flights, tap.cancelRequests], [[], 0]);
  } finally {
    await tap.close();
  }
});

test('aborting a query that waits for a connection takes it out of the queue', async () => {
  const tap = await openWireTap(postgres.url);
  try {
    await using db = createConnectionPool({connectionString: tap.url, poolSize: 1});
    await using observer = createConnectionPool(postgres.url);
    const slow = db.query(sql`SELECT 'slow' AS name FROM pg_sleep(0.1)`);
    await whenRunning(observer, 'pg_sleep(0.1)');
    const controller = new AbortController();
    const {signal} = controller;
    const waiting = db.query(sql`CREATE TABLE never_made (id int)`, {signal});
    const transaction = db.tx(async () => assert.fail('the callback does not run'), {signal});
    controller.abort(reason);
    await assert.rejects(waiting, isReason);
    await assert.rejects(transaction, isReason);
    // The neighbour is none of its business.
    assert.deepEqual(await slow, [{name: 'slow'}]);
    assert.equal(tap.cancelRequests, 0);
    await assert.rejects(db.query(sql`SELECT * FROM never_made`), {code: '42P01'});
  } finally {
    await tap.close();
  }
});

test('aborting a transaction ends what runs, rolls back, and frees the connection', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  await using observer = createConnectionPool(postgres.url);
  await db.query(sql`CREATE TABLE tx_aborted (id int)`);
  const before = await processId(db);
  const controller = new AbortController();
  const {signal} = controller;
  const run = db.tx(
    async (tx) => {
      await tx.query(sql`INSERT INTO tx_aborted VALUES (1)`);
      await tx.query(sql`SELECT pg_sleep(1000)`);
    },
    {signal},
  );
  await whenRunning(observer, 'pg_sleep(1000)');
  controller.abort(reason);
  await assert.rejects(run, isReason);
  await whenNotRunning(observer, 'pg_sleep(1000)');
  assert.deepEqual(await db.query(sql`SELECT * FROM tx_aborted`), []);
  assert.equal(await processId(db), before);
});

test('a transaction can be aborted while its callback waits for something else', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  await db.query(sql`CREATE TABLE tx_waiting (id int)`);
  const controller = new AbortController();
  const {signal} = controller;
  let late: Promise<unknown> | undefined;
  let goOn: (() => void) | undefined;
  const run = db.tx(
    async (tx) => {
      await tx.query(sql`INSERT INTO tx_waiting VALUES (1)`);
      late = new Promise<void>((resolve) => (goOn = resolve)).then(() =>
        tx.query(sql`INSERT INTO tx_waiting VALUES (2)`),
      );
      controller.abort(reason);
      await late;
    },
    {signal},
  );
  await assert.rejects(run, isReason);
  goOn?.();
  await assert.rejects(Promise.resolve(late), {code: 'PG_USED_AFTER_END'});
  assert.deepEqual(await db.query(sql`SELECT * FROM tx_waiting`), []);
});

test('aborting a transaction inside a nested one, or while it streams, ends all of it', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  await using observer = createConnectionPool(postgres.url);
  for (const work of [
    (tx: Queryable) => tx.tx((nested) => nested.query(sql`SELECT pg_sleep(1000)`)),
    async (tx: Queryable) => {
      for await (const _ of tx.queryStream(sql`SELECT pg_sleep(1000)`)) void _;
    },
  ]) {
    const controller = new AbortController();
    const {signal} = controller;
    const run = db.tx(async (tx) => void (await work(tx)), {signal});
    await whenRunning(observer, 'pg_sleep(1000)');
    controller.abort(reason);
    await assert.rejects(run, isReason);
    await whenNotRunning(observer, 'pg_sleep(1000)');
    assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
  }
});

test('a reason that is no error still makes an error', async () => {
  await using db = createConnectionPool(postgres.url);
  const controller = new AbortController();
  const running = db.query(sql`SELECT pg_sleep(1000)`, {signal: controller.signal});
  controller.abort('as a string');
  await assert.rejects(running, /as a string/);
  const plain = new AbortController();
  const other = db.query(sql`SELECT pg_sleep(1000)`, {signal: plain.signal});
  plain.abort();
  await assert.rejects(other, {name: 'AbortError'});
});

test('a signal that is aborted after the answer is not heard any more', async () => {
  const tap = await openWireTap(postgres.url);
  try {
    await using db = createConnectionPool({connectionString: tap.url, poolSize: 1});
    const controller = new AbortController();
    const {signal} = controller;
    assert.deepEqual(await db.query(sql`SELECT 1 AS one`, {signal}), [{one: 1}]);
    await db.tx((tx) => tx.query(sql`SELECT 1`, {signal}), {signal});
    for await (const _ of db.queryStream(sql`SELECT 1`, {signal})) void _;
    assert.deepEqual(getEventListeners(signal, 'abort'), []);
    controller.abort(reason);
    assert.deepEqual(await db.query(sql`SELECT 2 AS two`), [{two: 2}]);
    assert.equal(tap.cancelRequests, 0);
  } finally {
    await tap.close();
  }
});

test('200 races of aborts with answers harm no neighbour and no later query', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 3});
  const before = await db.query(sql`SELECT 0`);
  assert.equal(before.length, 1);
  for (let race = 0; race < 200; race++) {
    const controller = new AbortController();
    const {signal} = controller;
    const hit = db.query(sql`SELECT 'hit' AS name, pg_sleep(0.001)`, {signal});
    const neighbours = Array.from({length: 4}, (_, i) => db.query(sql`SELECT ${i}::int AS i`));
    const aborting = new Promise<void>((resolve) => {
      // The cancel request is to meet the query before, while and after it runs.
      setTimeout(() => {
        controller.abort(reason);
        resolve();
      }, race % 4);
    });
    const outcome = await hit.then(
      ([row]) => row.name,
      (error: unknown) => error,
    );
    assert.ok(outcome === 'hit' || outcome === reason, String(outcome));
    const later = db.query(sql`SELECT 'later' AS name`);
    for (const [i, neighbour] of neighbours.entries()) assert.deepEqual(await neighbour, [{i}]);
    assert.deepEqual(await later, [{name: 'later'}]);
    await aborting;
  }
});

test('queryTimeoutMilliseconds ends a query on the server, and the connection is kept', async () => {
  await using db = createConnectionPool({
    connectionString: postgres.url,
    poolSize: 1,
    queryTimeoutMilliseconds: 50,
  });
  await using observer = createConnectionPool(postgres.url);
  const before = await processId(db);
  const timedOut = {name: 'TimeoutError', code: 'PG_QUERY_TIMEOUT', message: /50 ms/};
  await assert.rejects(db.query(sql`SELECT pg_sleep(1000)`), timedOut);
  await whenNotRunning(observer, 'pg_sleep(1000)');
  await db.task((task) => assert.rejects(task.query(sql`SELECT pg_sleep(1000)`), timedOut));
  await assert.rejects(
    db.tx((tx) => tx.query(sql`SELECT pg_sleep(1000)`)),
    timedOut,
  );
  await whenNotRunning(observer, 'pg_sleep(1000)');
  assert.equal(await processId(db), before);
});
