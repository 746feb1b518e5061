/**
 * Promise 1. A network that goes dark says nothing: no FIN, no RST, and what acknowledges bytes need not be the server.
 *
 * The limit is short here, so that the tests are. Only the last test waits for the default one: 20 s.
 */
import assert from 'node:assert/strict';
import {connect} from 'node:net';
import type {Socket} from 'node:net';
import {test} from 'node:test';
import type {TestContext} from 'node:test';
import {setTimeout as delay} from 'node:timers/promises';
import createConnectionPool, {ConnectionError, PgError, sql} from '@databases/pg';
import type {ConnectionPool, ConnectionPoolConfig} from '@databases/pg';
import {countRunning, eventually, processId} from '../support/activity';
import {failureOf} from '../support/failure';
import {useServer} from '../support/server';
import {forbidUnhandledErrors} from '../support/unhandled';
import {openChaosProxy} from './rig/chaos-proxy';
import type {ChaosProxy} from './rig/chaos-proxy';

const LIMIT = 400;
const DEADLINE = 2 * LIMIT;
/** The promise says 250 ms on a quiet machine. */
const SLACK = 2500;

const postgres = useServer();
forbidUnhandledErrors();

interface Rig extends AsyncDisposable {
  readonly proxy: ChaosProxy;
  readonly db: ConnectionPool;
}

async function rig(options: ConnectionPoolConfig = {}): Promise<Rig> {
  const proxy = await openChaosProxy(postgres.server);
  const url = `${proxy.through(postgres.url)}?sslmode=disable`;
  const db = createConnectionPool({
    connectionString: url,
    poolSize: 12,
    silenceTimeoutMilliseconds: LIMIT,
    connectionTimeoutMilliseconds: 1000,
    ...options,
  });
  return {
    proxy,
    db,
    async [Symbol.asyncDispose]() {
      proxy.reset();
      await db.dispose();
      await proxy[Symbol.asyncDispose]();
    },
  };
}

async function observe<T>(look: (observer: ConnectionPool) => Promise<T>): Promise<T> {
  await using observer = createConnectionPool(postgres.url);
  return await look(observer);
}

/** What became of each, with the time of the last. */
async function settled(
  context: TestContext,
  promises: readonly Promise<unknown>[],
): Promise<{readonly failures: readonly unknown[]; readonly slowest: number}> {
  const start = performance.now();
  const failures = await Promise.all(
    promises.map((promise) =>
      promise.then(
        () => undefined,
        (error: unknown) => error,
      ),
    ),
  );
  const slowest = performance.now() - start;
  context.diagnostic(`${promises.length} settled, slowest ${Math.round(slowest)} ms`);
  return {failures, slowest};
}

function assertAllLost(failures: readonly unknown[], message: RegExp): void {
  for (const failure of failures) {
    assert.ok(failure instanceof PgError, String(failure));
    assert.equal(failure.code, 'PG_CONNECTION_LOST');
    assert.equal(failure.sent, 'maybe');
    assert.match(failure.message, message);
  }
}

test('1. every promise settles: 12 in flight when the network goes dark', async (context) => {
  await using world = await rig();
  const {db, proxy} = world;
  const queries = Array.from({length: 12}, () => db.query(sql`SELECT pg_sleep(600), 'dark'`));
  const settling = settled(context, queries);
  await observe((observer) =>
    eventually('all run', async () => (await countRunning(observer, `'dark'`)) === 12),
  );
  proxy.admission = 'blackhole';
  proxy.blackhole();
  const start = performance.now();
  const {failures} = await settling;
  const took = performance.now() - start;
  context.diagnostic(`dark for ${Math.round(took)} ms`);
  assertAllLost(failures, /nothing was heard for .* cannot be reached/);
  assert.ok(took < DEADLINE + SLACK, `${took} ms`);
});

test('1. every promise settles: queries that were lost on the way, while the server answers others (silenceTimeoutMilliseconds)', async (context) => {
  await using world = await rig();
  const {db, proxy} = world;
  await Promise.all(Array.from({length: 12}, () => db.query(sql`SELECT pg_sleep(0.1)`)));
  assert.equal(proxy.links.length, 12);
  proxy.blackhole();
  const {failures, slowest} = await settled(
    context,
    Array.from({length: 12}, () => db.query(sql`SELECT 1`)),
  );
  assertAllLost(failures, /the server waits for this client/);
  assert.ok(slowest < DEADLINE + SLACK, `${slowest} ms`);
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('1. every promise settles: the whole server is frozen', async (context) => {
  await using db = createConnectionPool({
    connectionString: postgres.url,
    silenceTimeoutMilliseconds: LIMIT,
    connectionTimeoutMilliseconds: LIMIT,
  });
  const queries = Array.from({length: 8}, () => db.query(sql`SELECT pg_sleep(600), 'frozen'`));
  const settling = settled(context, queries);
  await observe((observer) =>
    eventually('all run', async () => (await countRunning(observer, `'frozen'`)) === 8),
  );
  postgres.server.pause();
  try {
    assertAllLost((await settling).failures, /nothing was heard/);
  } finally {
    postgres.server.resume();
  }
});

test('1. every promise settles: transactions, tasks, streams and copies', async (context) => {
  await using world = await rig();
  const {db, proxy} = world;
  await db.query(sql`CREATE TABLE copied (id int)`);
  let reached = 0;
  let open: (() => void) | undefined;
  const dark = new Promise<void>((resolve) => {
    open = resolve;
  });
  const arrive = async () => {
    reached++;
    await dark;
  };
  const read = async () => {
    let rows = 0;
    for await (const _ of db.queryStream(sql`SELECT * FROM generate_series(1, 100000)`, {
      batchSize: 10,
    })) {
      if (++rows === 10) await arrive();
    }
  };
  const work = [
    db.tx(async (tx) => {
      await tx.query(sql`SELECT 1`);
      await arrive();
      await tx.query(sql`SELECT 2`);
    }),
    db.task(async (task) => {
      await task.query(sql`SELECT 1`);
      await arrive();
      await task.query(sql`SELECT 2`);
    }),
    db.tx(async (tx) => {
      await tx.query(sql`INSERT INTO copied VALUES (0)`);
      await arrive();
      throw new Error('the rollback goes nowhere');
    }),
    read(),
    db.copyTo(sql`COPY (SELECT repeat('x', 1000) FROM generate_series(1, 200000)) TO STDOUT`),
  ].map(async (each) => {
    if (each instanceof Promise) return each;
    await arrive();
    for await (const _ of each);
  });
  const settling = settled(context, work);
  await eventually('all are at it', () => reached === 5);
  proxy.admission = 'blackhole';
  proxy.blackhole();
  open?.();
  const start = performance.now();
  const {failures} = await settling;
  const took = performance.now() - start;
  assert.equal(failures.filter((failure) => failure instanceof Error).length, 5);
  assert.ok(took < DEADLINE + SLACK, `${took} ms`);
  context.diagnostic(`dark for ${Math.round(took)} ms`);
});

test('1. every promise settles: a copy whose last bytes go dark', async (context) => {
  await using world = await rig();
  const {db, proxy} = world;
  await db.query(sql`CREATE TABLE ended_copy (id int)`);
  async function* rows() {
    yield '1\n';
    // The server awaits data by now: what is lost is all that is still to come.
    await observe((observer) =>
      eventually('it awaits data', async () => (await countRunning(observer, 'COPY ended')) === 1),
    );
    proxy.blackhole();
    yield '2\n';
  }
  const copy = db.copyFrom(sql`COPY ended_copy FROM STDIN`, rows());
  const {failures, slowest} = await settled(context, [copy]);
  assertAllLost(failures, /the server waits for this client/);
  assert.ok(slowest < DEADLINE + SLACK, `${slowest} ms`);
});

test('1. every promise settles: a cancel that nobody answers, and dispose() behind it', async (context) => {
  await using world = await rig();
  const {db, proxy} = world;
  const controller = new AbortController();
  const query = db.query(sql`SELECT pg_sleep(600), 'cancel'`, {signal: controller.signal});
  const failure = failureOf(query);
  await observe((observer) =>
    eventually('it runs', async () => (await countRunning(observer, `'cancel'`)) === 1),
  );
  proxy.admission = 'blackhole';
  proxy.blackhole();
  const reason = new Error('enough');
  controller.abort(reason);
  assert.equal(await failure, reason);
  const {slowest} = await settled(context, [db.dispose()]);
  // The cancel itself is given up after five seconds, and nothing waits for it.
  assert.ok(slowest < DEADLINE + SLACK, `${slowest} ms`);
});

/** Sockets without a proxy in between, which the test can make deaf. */
function directSockets(): {open: () => Socket; deafen: () => void} {
  const sockets: Socket[] = [];
  return {
    open: () => {
      const socket = connect(postgres.server.port, '127.0.0.1');
      sockets.push(socket);
      return socket;
    },
    deafen: () => {
      for (const socket of sockets) socket.pause();
    },
  };
}

test('1. every promise settles: a session that is gone is found at once, where nothing is in between', async (context) => {
  const sockets = directSockets();
  // A socket that is not read keeps nothing alive.
  const alive = setInterval(() => undefined, 1000);
  context.after(() => clearInterval(alive));
  await using db = createConnectionPool({
    connectionString: postgres.url,
    socket: () => sockets.open(),
    silenceTimeoutMilliseconds: LIMIT,
  });
  const number = await processId(db);
  const settling = settled(context, [db.query(sql`SELECT pg_sleep(600), 'gone'`)]);
  await observe(async (observer) => {
    await eventually('it runs', async () => (await countRunning(observer, `'gone'`)) === 1);
    sockets.deafen();
    await observer.query(sql`SELECT pg_terminate_backend(${number}::int)`);
  });
  assertAllLost((await settling).failures, /the session has ended/);
});

for (const way of ['directly', 'through a proxy'] as const) {
  test(`1. every promise settles, and a query that takes long is left alone: ${way}`, async () => {
    await using world = await rig();
    await using direct = createConnectionPool({
      connectionString: postgres.url,
      silenceTimeoutMilliseconds: 150,
    });
    await using proxied = createConnectionPool({
      connectionString: `${world.proxy.through(postgres.url)}?sslmode=disable`,
      silenceTimeoutMilliseconds: 150,
    });
    const db = way === 'directly' ? direct : proxied;
    const [row] = await db.query(sql`SELECT pg_sleep(2), 'long' AS answer`);
    assert.equal(row.answer, 'long');
  });
}

test('1. every promise settles, and a reader that takes long is left alone', async () => {
  await using db = createConnectionPool({
    connectionString: postgres.url,
    silenceTimeoutMilliseconds: 100,
  });
  let rows = 0;
  for await (const _ of db.queryStream(sql`SELECT * FROM generate_series(1, 1000)`, {
    batchSize: 10,
  })) {
    if (++rows === 10) await delay(600);
  }
  assert.equal(rows, 1000);
});

async function* slow() {
  yield '1\n';
  await delay(600);
  yield '2\n';
}

test('1. every promise settles, and a source that takes long is left alone', async () => {
  await using db = createConnectionPool({
    connectionString: postgres.url,
    silenceTimeoutMilliseconds: 100,
  });
  await db.query(sql`CREATE TABLE slow_copy (id int)`);
  assert.equal(await db.copyFrom(sql`COPY slow_copy FROM STDIN`, slow()), 2);
});

test('1. every promise settles: with silenceTimeoutMilliseconds: 0 nobody looks', async () => {
  await using world = await rig({silenceTimeoutMilliseconds: 0});
  const {db, proxy} = world;
  await db.query(sql`SELECT 1`);
  proxy.blackhole();
  const failures: unknown[] = [];
  const query = failureOf(db.query(sql`SELECT 1`)).then((error) => failures.push(error));
  await delay(DEADLINE * 2);
  assert.equal(failures.length, 0);
  proxy.reset();
  await query;
  assert.ok(failures[0] instanceof ConnectionError);
});

test('1. every promise settles: the default configuration', async (context) => {
  const proxy = await openChaosProxy(postgres.server);
  await using db = createConnectionPool(`${proxy.through(postgres.url)}?sslmode=disable`);
  await Promise.all(Array.from({length: 10}, () => db.query(sql`SELECT pg_sleep(0.1)`)));
  const queries = Array.from({length: 12}, () => db.query(sql`SELECT pg_sleep(600), 'default'`));
  const settling = settled(context, queries);
  await delay(1000);
  proxy.blackhole();
  const start = performance.now();
  await observe((observer) =>
    observer.query(
      sql`SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%''default''%' AND pid <> pg_backend_pid()`,
    ),
  );
  const ended = new Set<number>();
  queries.forEach((query, index) => void query.catch(() => ended.add(index)));
  await eventually('ten are lost', () => ended.size >= 10).catch(() => undefined);
  await eventually('ten are lost', () => ended.size >= 10).catch(() => undefined);
  await eventually('ten are lost', () => ended.size >= 10);
  context.diagnostic(`the ten in flight: ${Math.round(performance.now() - start)} ms`);
  assert.ok(performance.now() - start < 20_250 + SLACK);
  proxy.reset();
  void settling;
  await proxy[Symbol.asyncDispose]();
});
