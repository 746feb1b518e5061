/** Listening where there are several hosts: it is the primary that notifies. */
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import type {ConnectionPool, NotificationGap} from '@databases/pg';
import {startCluster} from '@databases/pg-test';
import type {Cluster, Server} from '@databases/pg-test';
import {failureOf} from './support/failure';
import {received} from './support/received';
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

function poolFor(servers: readonly Server[], target = 'any'): ConnectionPool {
  const hosts = servers.map(({port}) => `127.0.0.1:${port}`).join(',');
  return createConnectionPool({
    connectionString: `postgres://postgres@${hosts}/postgres?target_session_attrs=${target}&sslmode=disable`,
    onError: () => undefined,
  });
}

test('a standby alone refuses, and says so', async () => {
  await using db = poolFor([standby]);
  const error = await failureOf(db.listen('a', () => undefined));
  assert.equal(error.code, '25006');
  assert.match(error.message, /LISTEN during recovery/);
});

for (const target of ['any', 'prefer-standby', 'standby', 'read-write'] as const) {
  test(`a pool for ${target} of several hosts listens on the primary`, async () => {
    await using db = poolFor([standby, primary], target);
    const payloads = received<string>();
    await using _ = await db.listen('primary', ({payload}) => payloads.take(payload));
    await using writer = poolFor([primary]);
    await writer.notify('primary', target);
    assert.deepEqual(await payloads.until(1), [target]);
  });
}

test('after a failover it listens on the server that was promoted', async () => {
  await using db = poolFor([primary, standby]);
  const gaps = received<NotificationGap>();
  const payloads = received<string>();
  await using _ = await db.listen('promoted', ({payload}) => payloads.take(payload), {
    onGap: gaps.take,
  });
  await primary.kill();
  await standby.promote();
  await gaps.until(1);
  await using writer = poolFor([standby]);
  const [row] = await writer.query(sql`SELECT pg_is_in_recovery() AS standby`);
  assert.equal(row.standby, false);
  await writer.notify('promoted', 'by the new primary');
  assert.deepEqual(await payloads.until(1), ['by the new primary']);
});
