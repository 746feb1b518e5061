/** Which of a primary and its standby each target_session_attrs connects to, and what a failover does to it. */
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import createConnectionPool, {ConnectionError, sql} from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';
import {startCluster} from '@databases/pg-test';
import type {Cluster, Server} from '@databases/pg-test';
import {failureOf} from './support/failure';
import {refusedPort} from './support/ports';
import {postgresVersion} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';

let cluster: Cluster;
let primary: Server;
let standby: Server;
before(async () => {
  cluster = await startCluster({version: String(postgresVersion), replicas: 1});
  ({primary} = cluster);
  const [replica] = cluster.replicas;
  assert.ok(replica);
  standby = replica;
});
after(() => cluster.stop());
forbidUnhandledErrors();

function poolFor(ports: readonly number[], target: string): ConnectionPool {
  const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',');
  return createConnectionPool({
    connectionString: `postgres://postgres@${hosts}/postgres?target_session_attrs=${target}&sslmode=disable`,
    maxUses: 1,
  });
}

async function isStandby(db: ConnectionPool): Promise<unknown> {
  const [row] = await db.query(sql`SELECT pg_is_in_recovery() AS standby`);
  return row?.standby;
}

for (const [target, wanted] of [
  ['read-write', 'primary'],
  ['primary', 'primary'],
  ['read-only', 'standby'],
  ['standby', 'standby'],
  ['prefer-standby', 'standby'],
] as const) {
  for (const first of ['primary', 'standby'] as const) {
    test(`${target} connects to the ${wanted} where the ${first} comes first`, async () => {
      const ports = [primary.port, standby.port];
      await using db = poolFor(first === 'primary' ? ports : ports.toReversed(), target);
      for (let i = 0; i < 2; i++) assert.equal(await isStandby(db), wanted === 'standby');
    });
  }

  test(`${target} ${target === 'prefer-standby' ? 'takes' : 'does not take'} the other kind where there is only that`, async () => {
    const other = wanted === 'primary' ? standby : primary;
    await using db = poolFor([other.port], target);
    if (target === 'prefer-standby') {
      assert.equal(await isStandby(db), false);
      return;
    }
    const error = await failureOf(db.query(sql`SELECT 1`));
    assert.ok(error instanceof ConnectionError);
    assert.match(error.message, new RegExp(`${other.port} is a .*target_session_attrs=${target}`));
  });
}

test('any connects to whichever comes first', async () => {
  for (const [first, second] of [
    [primary, standby],
    [standby, primary],
  ] as const) {
    await using db = poolFor([first.port, second.port], 'any');
    assert.equal(await isStandby(db), first === standby);
  }
});

test('prefer-standby takes the primary where the standby is gone', async () => {
  await using db = poolFor([await refusedPort(), primary.port], 'prefer-standby');
  assert.equal(await isStandby(db), false);
});

test('a primary whose transactions are read-only by default is none for read-write', async () => {
  await using admin = poolFor([primary.port], 'any');
  await admin.query(sql`CREATE ROLE reader LOGIN SUPERUSER`);
  await admin.query(sql`ALTER ROLE reader SET default_transaction_read_only = on`);
  const url = (target: string) =>
    `postgres://reader@127.0.0.1:${primary.port}/postgres?target_session_attrs=${target}&sslmode=disable`;
  await using writer = createConnectionPool(url('read-write'));
  const error = await failureOf(writer.query(sql`SELECT 1`));
  assert.match(error.message, /is a read-only primary/);
  await using reader = createConnectionPool(url('read-only'));
  assert.equal(await isStandby(reader), false);
});

// The last one: it leaves the cluster without its first primary.
test('after a failover read-write finds the new primary', async () => {
  await using db = poolFor([primary.port, standby.port], 'read-write');
  await db.query(sql`CREATE TABLE written (id int)`);
  await cluster.catchUp();
  await primary.kill();
  const error = await failureOf(db.query(sql`SELECT 1`));
  assert.match(error.message, new RegExp(`:${primary.port}`));
  assert.match(error.message, new RegExp(`:${standby.port} is a standby`));
  await standby.promote();
  await db.query(sql`INSERT INTO written VALUES (1)`);
  assert.deepEqual(await db.query(sql`SELECT id FROM written`), [{id: 1}]);
});
