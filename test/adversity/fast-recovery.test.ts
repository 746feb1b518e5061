/** Promise 5, and the wait for a connection that nobody can open. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setTimeout as delay} from 'node:timers/promises';
import createConnectionPool, {sql} from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';
import {failureOf} from '../support/failure';
import {useServer} from '../support/server';
import {forbidUnhandledErrors} from '../support/unhandled';
import {openChaosProxy} from './rig/chaos-proxy';
import type {ChaosProxy} from './rig/chaos-proxy';
import {work} from './rig/workers';

const postgres = useServer();
forbidUnhandledErrors();

function through(proxy: ChaosProxy): ConnectionPool {
  const connectionString = `${proxy.through(postgres.url)}?sslmode=disable`;
  return createConnectionPool({connectionString, poolSize: 8, onError: () => undefined});
}

test('5. fast recovery: RST on 8 connections under 20 workers', async (context) => {
  await using proxy = await openChaosProxy(postgres.server);
  await using db = through(proxy);
  await Promise.all(Array.from({length: 8}, () => db.query(sql`SELECT pg_sleep(0.1)`)));
  assert.equal(proxy.links.length, 8);
  const working = work(db, 20);
  await delay(1000);
  proxy.reset();
  await delay(500);
  const slowest = await working.stop();
  context.diagnostic(`slowest ${Math.round(slowest)} ms`);
  assert.ok(slowest < 2000, `${slowest} ms`);
});

test('5. fast recovery: the first success after an immediate restart', async (context) => {
  await using db = createConnectionPool({connectionString: postgres.url, onError: () => undefined});
  await db.query(sql`SELECT 1`);
  const working = work(db, 20);
  await delay(200);
  await postgres.server.restart('immediate');
  const ready = performance.now();
  await db.query(sql`SELECT 1`).catch(() => db.query(sql`SELECT 1`));
  const took = performance.now() - ready;
  await working.stop();
  context.diagnostic(`first success ${Math.round(took)} ms after ready`);
  assert.ok(took < 4000, `${took} ms`);
});

test('5. fast recovery: work that waits for a busy connection is told when all others are refused', async (context) => {
  const url = new URL(postgres.url);
  await using admin = createConnectionPool(postgres.url);
  await admin.query(sql`CREATE ROLE refused LOGIN`);
  url.username = 'refused';
  await using db = createConnectionPool({
    connectionString: url.href,
    poolSize: 3,
    onError: () => undefined,
  });
  await db.query(sql`SELECT 1`);
  await db.task(async (task) => {
    await task.query(sql`SELECT 1`);
    await admin.query(sql`ALTER ROLE refused NOLOGIN`);
    const start = performance.now();
    const failure = await failureOf(Promise.resolve().then(() => waiter(db)));
    const took = performance.now() - start;
    context.diagnostic(`told after ${Math.round(took)} ms`);
    assert.equal(failure.code, '28000');
    assert.ok(took < 5000, `${took} ms`);
  });
});

function waiter(db: ConnectionPool): Promise<unknown> {
  return db.query(sql`SELECT 2`);
}
