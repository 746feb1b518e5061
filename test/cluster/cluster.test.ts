/** One Queryable over a primary and two replicas: where calls go, and what reads see. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {QueryableType, sql} from '@databases/pg';
import type {ResultRow} from '@databases/pg';
import createCluster from '@databases/pg-cluster';
import type {Cluster} from '@databases/pg-cluster';
import {failureOf} from '../support/failure';
import {poolOf, until, useReplicated} from '../support/replicated';

const replicated = useReplicated(2);

interface Watched {
  readonly db: Cluster;
  /** For each statement of the program, in order, which node it was sent to. */
  readonly sent: string[];
}

function watchedCluster(): Watched {
  const sent: string[] = [];
  const {servers} = replicated;
  const pools = [servers.primary, ...servers.replicas].map((server, index) =>
    poolOf(server, {
      onQueryStart(_, {text}) {
        if (!/pg_catalog\./.test(text)) sent.push(index === 0 ? 'primary' : 'replica');
      },
    }),
  );
  const [primary, ...others] = pools;
  assert.ok(primary);
  return {db: createCluster(primary, others), sent};
}

void test('reads go to replicas, all else to the primary', async () => {
  const {db, sent} = watchedCluster();
  await using _ = db;
  assert.equal(db.type, QueryableType.Cluster);
  await db.query(sql`CREATE TABLE routed (id int)`);
  await db.query(sql`INSERT INTO routed VALUES (1)`);
  await until(async () => (await db.explain(sql`SELECT 1`)).target === 'replica');
  await replicated.servers.catchUp();
  sent.length = 0;
  assert.deepEqual(await db.query(sql`SELECT id FROM routed`), [{id: 1}]);
  await db.query([sql`SELECT 1`, sql`SELECT 2`]);
  for await (const row of db.queryStream(sql`SELECT id FROM routed`)) assert.equal(row.id, 1);
  {
    await using rows = db.queryStream(sql`SELECT id FROM routed`);
    await rows[Symbol.asyncIterator]().next();
  }
  assert.equal(db.replica.stats().leased, 0);
  await db.tx((tx) => tx.query(sql`SELECT 1`), {readOnly: true});
  assert.ok(sent.length >= 4);
  assert.deepEqual(new Set(sent), new Set(['replica']));
  sent.length = 0;
  await db.query(sql`SELECT id FROM routed FOR UPDATE`);
  await db.query([sql`SELECT 1`, sql`INSERT INTO routed VALUES (2)`]);
  await db.task((connection) => connection.query(sql`SELECT 1`));
  await db.tx((tx) => tx.query(sql`SELECT 1`));
  await db.query(sql`SELECT 1`, {on: 'primary'});
  assert.deepEqual(new Set(sent), new Set(['primary']));
  await db.primary.query(sql`SELECT 1`);
  assert.equal(sent.pop(), 'primary');
  await db.replica.query(sql`SELECT 1`);
  assert.equal(sent.pop(), 'replica');
});

void test('createCluster(primary, replica) takes one replica, in any order', async () => {
  const {servers} = replicated;
  const first = poolOf(replicated.replica(0));
  const second = poolOf(servers.primary);
  await using db = createCluster(first, second);
  await db.query(sql`CREATE TABLE any_order (id int)`);
  assert.equal(db.primary, second);
  assert.equal(db.replica, first);
});

void test('hosts are told apart by what they say', async () => {
  const {servers} = replicated;
  const hosts = [replicated.replica(0), servers.primary].map(({port}) => `127.0.0.1:${port}`);
  await using db = createCluster({hosts, user: 'postgres', database: 'postgres', ssl: false});
  await db.query(sql`CREATE TABLE by_hosts (id int)`);
  assert.deepEqual(
    db.nodes().map(({name, role}) => [name, role]),
    [
      [hosts[0], 'replica'],
      [hosts[1], 'primary'],
    ],
  );
});

void test('a read sees what was written before in the same session, however it was written', async () => {
  const db = replicated.cluster();
  await db.query(sql`CREATE TABLE written (id int)`);
  let count = 0;
  const check = async () => {
    count++;
    const [row] = await db.query(sql`SELECT count(*)::int AS count FROM written`);
    assert.equal(row.count, count);
  };
  for (let round = 0; round < 30; round++) {
    await db.query(sql`INSERT INTO written VALUES (1)`);
    await check();
    await db.tx((tx) => tx.query(sql`INSERT INTO written VALUES (1)`));
    await check();
    await db.task((connection) => connection.query(sql`INSERT INTO written VALUES (1)`));
    await check();
    await db.copyFrom(sql`COPY written FROM STDIN`, [[1]]);
    await check();
    await db.tx(async (tx) => {
      await tx.query(sql`INSERT INTO written VALUES (1)`);
      await tx.addPostCommitStep(check);
    });
    for await (const row of db.queryStream(sql`INSERT INTO written VALUES (1) RETURNING id`)) {
      assert.equal(row.id, 1);
    }
    await check();
  }
});

void test('a token carries what was written to another process', async () => {
  await using writer = createCluster(
    poolOf(replicated.servers.primary),
    poolOf(replicated.replica(0)),
  );
  const reader = replicated.cluster();
  await writer.query(sql`CREATE TABLE carried (id int)`);
  await reader.query(sql`SELECT 1`);
  for (let id = 1; id <= 100; id++) {
    await writer.query(sql`INSERT INTO carried VALUES (${id})`);
    const after = await writer.token();
    const rows: ResultRow[] = await reader.session({after}, () =>
      reader.query(sql`SELECT id FROM carried WHERE id = ${id}`),
    );
    assert.equal(rows.length, 1);
  }
  const failure = await failureOf(reader.session({after: 'forged'}, async () => undefined));
  assert.equal(failure.code, 'PG_INVALID_ARGUMENT');
});

void test('require gives the function, import the same', async () => {
  const required: unknown = require('@databases/pg-cluster');
  assert.equal(typeof required, 'function');
  const imported = await import('@databases/pg-cluster');
  assert.equal(imported.default, required);
});

void test('a call after dispose() is an error', async () => {
  const db = createCluster(
    createConnectionPool(replicated.servers.primary.connectionString),
    createConnectionPool(replicated.replica(0).connectionString),
  );
  await db.query(sql`SELECT 1`);
  await db.dispose();
  const failure = await failureOf(db.query(sql`SELECT 1`));
  assert.equal(failure.code, 'PG_USED_AFTER_END');
});
