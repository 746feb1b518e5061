import assert from 'node:assert/strict';
import {test} from 'node:test';
import {startCluster} from './cluster';
import {isAlive} from './process-family';
import type {Server} from './server';
import {withSession} from './simple-query';

async function ask(server: Server, query: string): Promise<string | null | undefined> {
  const rows = await withSession(server.address, (session) => session.query(query));
  return rows[0]?.[0];
}

for (const version of [14, 18]) {
  test(`Postgres ${version}: rows reach a standby, which refuses writes until it is promoted`, async () => {
    await using cluster = await startCluster({version, replicas: 1});
    const {primary} = cluster;
    const [replica] = cluster.replicas;
    assert.ok(replica);
    await ask(primary, 'CREATE TABLE t (i int); INSERT INTO t VALUES (42)');
    await cluster.catchUp();
    assert.equal(await ask(replica, 'SELECT i FROM t'), '42');
    await assert.rejects(ask(replica, 'INSERT INTO t VALUES (1)'), /25006/);
    await assert.rejects(primary.promote(), {code: 'PG_TEST_QUERY_FAILED'});

    await primary.kill();
    await replica.promote();
    assert.equal(await ask(replica, 'INSERT INTO t VALUES (43) RETURNING i'), '43');
  });
}

test('a new standby joins after a failover, and others change over to the new primary', async () => {
  const cluster = await startCluster({replicas: 2, authentication: 'scram-sha-256', user: 'app'});
  const [first, second] = cluster.replicas;
  assert.ok(first && second);
  assert.notEqual(new URL(first.connectionString).password, '');
  assert.equal(
    new URL(first.connectionString).password,
    new URL(cluster.primary.connectionString).password,
  );
  await cluster.primary.kill();
  await first.promote();
  await second.follow(first);
  const third = await cluster.addReplica(first);
  await ask(first, 'CREATE TABLE t (i int); INSERT INTO t VALUES (7)');
  await cluster.catchUp(first);
  assert.equal(await ask(second, 'SELECT i FROM t'), '7');
  assert.equal(await ask(third, 'SELECT i FROM t'), '7');
  const processIds = [first, second, third].map((server) => server.processId);
  second.pause();
  await cluster.stop();
  assert.deepEqual(processIds.filter(isAlive), []);
});
