/** on('release'): where a platform hears that the pool may be left alone, and for whom it was busy. */
import assert from 'node:assert/strict';
import {AsyncLocalStorage} from 'node:async_hooks';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';
import {openChaosProxy} from './adversity/rig/chaos-proxy';
import {eventually} from './support/activity';
import {useDatabase} from './support/database';
import {forbidUnhandledErrors} from './support/unhandled';

const database = useDatabase();
forbidUnhandledErrors();

const WORK: Readonly<Record<string, (db: ConnectionPool) => Promise<unknown>>> = {
  query: (db) => db.query(sql`SELECT 1`),
  'query with a parameter': (db) => db.query(sql`SELECT ${1}::int`),
  'queries in one round trip': (db) => db.query([sql`SELECT 1`, sql`SELECT 2`]),
  'query with a signal': (db) => db.query(sql`SELECT 1`, {signal: new AbortController().signal}),
  'query that fails': (db) => db.query(sql`SELECT 1 / 0`).catch(() => undefined),
  pipeline: (db) => db.pipeline([sql`SELECT 1`, sql`SELECT 2`]),
  tx: (db) => db.tx((tx) => tx.query(sql`SELECT 1`)),
  task: (db) => db.task((connection) => connection.query(sql`SELECT 1`)),
  'task that leaves something behind': (db) =>
    db.task((connection) => connection.query(sql`SET work_mem = '1MB'`)),
  queryStream: async (db) => {
    for await (const row of db.queryStream(sql`SELECT 1`)) assert.ok(row);
  },
  queryNodeStream: async (db) => {
    for await (const row of db.queryNodeStream(sql`SELECT 1`)) assert.ok(row);
  },
  copyTo: async (db) => {
    for await (const bytes of db.copyTo(sql`COPY (SELECT 1) TO STDOUT`)) assert.ok(bytes);
  },
};

for (const [kind, work] of Object.entries(WORK)) {
  test(`${kind}: its end is told in the context of its caller, when the connection is idle`, async () => {
    const requests = new AsyncLocalStorage<string>();
    const db = database.pool();
    // The connection belongs to another request.
    await requests.run('first', () => db.query(sql`SELECT 1`));
    const told: string[] = [];
    db.on('release', () => {
      const {idle, total} = db.stats();
      told.push(`${requests.getStore()}: ${idle} of ${total} idle`);
    });
    await requests.run('second', () => work(db));
    await eventually('it is told', () => told.length > 0);
    assert.deepEqual([...new Set(told)], ['second: 1 of 1 idle']);
  });
}

test('a connection that was opened and is not needed any more is told of', async () => {
  await using proxy = await openChaosProxy({
    host: '127.0.0.1',
    port: Number(new URL(database.url).port),
  });
  const connectionString = `${proxy.through(database.url)}?sslmode=disable`;
  await using db = createConnectionPool({connectionString, poolSize: 2});
  const seen: string[] = [];
  const first = db.tx(async (tx) => {
    await tx.query(sql`SELECT 1`);
    // The second connection takes its time, so that the first is free before it.
    proxy.faults = {latencyMilliseconds: 100};
    const second = db.query(sql`SELECT 1`);
    await eventually('it is asked for', () => db.stats().connecting === 1);
    return {second};
  });
  await (
    await first
  ).second;
  db.on('release', () => seen.push(`${db.stats().idle} idle`));
  assert.equal(db.stats().connecting, 1);
  await eventually('both are idle', () => db.stats().idle === 2);
  assert.deepEqual(seen, ['2 idle']);
});

test('an error of a query that nobody waits for is still an unhandled rejection', async (context) => {
  const unheard: unknown[] = [];
  const listeners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (error) => unheard.push(error));
  context.after(() => {
    process.removeAllListeners('unhandledRejection');
    for (const listener of listeners) process.on('unhandledRejection', listener);
  });
  const db = database.pool();
  db.on('release', () => undefined);
  void db.query(sql`SELECT 1 / 0`);
  await eventually('it is told of', () => unheard.length > 0);
  assert.equal(unheard.length, 1);
});

test('what a listener throws goes to onError, and the query has its answer', async () => {
  const errors: string[] = [];
  const db = database.pool({onError: (error) => errors.push(error.message)});
  let told = 0;
  db.on('release', () => {
    throw new Error('the listener failed');
  });
  db.on('release', () => told++);
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
  assert.deepEqual(errors, ['the listener failed']);
  assert.equal(told, 1);
});

test('a listener is heard until it is taken back', async () => {
  const db = database.pool();
  let told = 0;
  const end = db.on('release', () => told++);
  await db.query(sql`SELECT 1`);
  assert.equal(told, 1);
  end();
  await db.query(sql`SELECT 1`);
  assert.equal(told, 1);
});

test('there is no other event', () => {
  // @ts-expect-error there is no such event
  assert.throws(() => database.db.on('error', () => undefined), {
    code: 'PG_INVALID_ARGUMENT',
    message: /onError/,
  });
});

test('options say how long a connection stays idle', () => {
  const db = database.pool({idleTimeoutMilliseconds: 5000});
  assert.deepEqual(db.options, {idleTimeoutMillis: 5000});
});
