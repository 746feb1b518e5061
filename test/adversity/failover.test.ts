/** Promise 20: what a failover costs the program that goes on working through it. */
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import type {TestContext} from 'node:test';
import createConnectionPool, {DatabaseError, sql} from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';
import {startCluster} from '@databases/pg-test';
import type {Cluster, Server} from '@databases/pg-test';
import {processId} from '../support/activity';
import {postgresVersion} from '../support/server';
import {forbidUnhandledErrors} from '../support/unhandled';
import {openChaosProxy} from './rig/chaos-proxy';

let cluster: Cluster;
let primary: Server;
let standby: Server;
before(async () => {
  cluster = await startCluster({version: String(postgresVersion), replicas: 1});
  ({primary} = cluster);
  const [replica] = cluster.replicas;
  assert.ok(replica);
  standby = replica;
  await using admin = poolFor([primary], 'any', 1);
  await admin.query(sql`CREATE TABLE written (worker int, item int)`);
  await admin.query(sql`CREATE ROLE app LOGIN`);
  await admin.query(sql`GRANT SELECT, INSERT ON written TO app`);
  await cluster.catchUp();
});
after(() => cluster.stop());
forbidUnhandledErrors();

const POOL_SIZE = 4;

function poolFor(
  servers: readonly {readonly port: number}[],
  target: string,
  poolSize: number,
  user = 'postgres',
): ConnectionPool {
  const hosts = servers.map(({port}) => `127.0.0.1:${port}`).join(',');
  return createConnectionPool({
    connectionString: `postgres://${user}@${hosts}/postgres?target_session_attrs=${target}&sslmode=disable`,
    poolSize,
    connectionTimeoutMilliseconds: 1000,
    onError: () => undefined,
  });
}

/** Opens all connections of the pool, and gives the process ids of their sessions. */
async function warm(db: ConnectionPool): Promise<unknown[]> {
  return Promise.all(
    Array.from({length: POOL_SIZE}, () =>
      db.task(async (task) => {
        await task.query(sql`SELECT pg_sleep(0.05)`);
        return processId(task);
      }),
    ),
  );
}

const insert = (worker: number, item: number) =>
  sql`INSERT INTO written VALUES (${worker}, ${item})`;

/** One writer for each connection; gives the errors of each write, and how long until the last succeeded. */
async function writeThrough(
  write: (worker: number, item: number) => Promise<unknown>,
): Promise<{errors: unknown[]; milliseconds: number}> {
  const errors: unknown[] = [];
  const since = performance.now();
  await Promise.all(
    Array.from({length: POOL_SIZE}, async (_, worker) => {
      for (let item = 0; item < 20;) {
        try {
          await write(worker, item);
          item++;
        } catch (error) {
          errors.push(error);
          if (errors.length > 100 * POOL_SIZE) throw error;
        }
      }
    }),
  );
  return {errors, milliseconds: performance.now() - since};
}

function assertBounded(context: TestContext, errors: readonly unknown[], milliseconds: number) {
  const spent = Math.round(milliseconds);
  context.diagnostic(`${errors.length} errors on ${POOL_SIZE} connections, all ok in ${spent} ms`);
  assert.ok(milliseconds < 8000, `all ok in ${spent} ms`);
  assert.ok(errors.length <= POOL_SIZE, `${errors.length} errors on ${POOL_SIZE} connections`);
}

for (const [way, write] of [
  ['queries', (db, worker, item) => db.query(insert(worker, item))],
  ['transactions', (db, worker, item) => db.tx((tx) => tx.query(insert(worker, item)))],
] satisfies [string, (db: ConnectionPool, worker: number, item: number) => Promise<unknown>][]) {
  test(`20. failover: ${way} on sessions that turn read-only fail once for each connection`, async (context) => {
    await using admin = poolFor([primary], 'any', 1);
    // Every session of the pool has turned read-only while it was idle, and new ones are not.
    await admin.query(sql`ALTER ROLE app SET default_transaction_read_only = on`);
    await using db = poolFor([primary], 'any', POOL_SIZE, 'app');
    const demoted = await warm(db);
    await admin.query(sql`ALTER ROLE app RESET default_transaction_read_only`);
    const {errors, milliseconds} = await writeThrough((worker, item) => write(db, worker, item));
    assertBounded(context, errors, milliseconds);
    assert.ok(errors.length > 0);
    for (const error of errors) {
      assert.ok(error instanceof DatabaseError);
      assert.equal(error.code, '25006');
    }
    const now = await warm(db);
    const refusing = now.filter((pid) => demoted.includes(pid));
    assert.ok(refusing.length <= POOL_SIZE - errors.length, 'a connection that refused was kept');
  });
}

test('20. failover: a read-only transaction that is refused a write keeps its connection', async () => {
  await using db = poolFor([primary], 'any', 1);
  const pid = await processId(db);
  const refused = db.tx((tx) => tx.query(insert(0, 0)), {readOnly: true});
  await assert.rejects(refused, {code: '25006'});
  assert.equal(await processId(db), pid);
  await assert.rejects(
    db.task((task) => task.query(sql`BEGIN READ ONLY; INSERT INTO written VALUES (0, 0)`)),
  );
  assert.notEqual(await processId(db), pid);
});

test('20. failover: a server that takes no writes at all is not connected to for every failed statement', async (context) => {
  await using proxy = await openChaosProxy({host: '127.0.0.1', port: standby.port});
  await using db = poolFor([proxy], 'any', POOL_SIZE);
  const since = performance.now();
  for (let item = 0; item < 200; item++) {
    await assert.rejects(db.query(insert(0, item)), {code: '25006'});
  }
  const seconds = Math.floor((performance.now() - since) / 1000);
  context.diagnostic(`${proxy.attempts} connections for 200 refused writes`);
  assert.ok(proxy.attempts <= 1 + POOL_SIZE * (seconds + 1), `${proxy.attempts} connections`);
});

test('20. failover: a first host that is a black hole costs its connect timeout once', async (context) => {
  await using proxy = await openChaosProxy({host: '127.0.0.1', port: standby.port});
  proxy.admission = 'blackhole';
  await using db = poolFor([proxy, primary], 'read-write', POOL_SIZE);
  const since = performance.now();
  await db.query(sql`SELECT 1`);
  const milliseconds = performance.now() - since;
  context.diagnostic(`up in ${Math.round(milliseconds)} ms, connect timeout 1000 ms`);
  assert.ok(milliseconds < 3500, `up in ${milliseconds} ms`);
  const again = performance.now();
  await warm(db);
  assert.ok(performance.now() - again < 1000, 'the dead host is not tried first again');
});

// The last one: it leaves the cluster without its first primary.
test('20. failover: work goes on at the standby that was promoted, and nothing was written before', async (context) => {
  await using db = poolFor([primary, standby], 'read-write', POOL_SIZE);
  await warm(db);
  await db.query(sql`DELETE FROM written`);
  await cluster.catchUp();
  await primary.kill();
  await standby.promote();
  const {errors, milliseconds} = await writeThrough((worker, item) =>
    db.query(insert(worker, item)),
  );
  assertBounded(context, errors, milliseconds);
  const [row] = await db.query(sql`
    SELECT count(*)::int AS count, count(DISTINCT (worker, item))::int AS different FROM written
  `);
  assert.deepEqual(row, {count: 20 * POOL_SIZE, different: 20 * POOL_SIZE});
});
