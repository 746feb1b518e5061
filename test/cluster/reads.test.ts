/** What a read costs on the wire, and when it is done once more elsewhere. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {DatabaseError, sql} from '@databases/pg';
import createCluster from '@databases/pg-cluster';
import {whenRunning} from '../support/activity';
import {roundsOf} from '../support/cluster-rounds';
import {failureOf} from '../support/failure';
import {poolOf, until, useReplicated} from '../support/replicated';
import {openWireTap} from '../support/wire-tap';

const replicated = useReplicated(1, {
  max_standby_streaming_delay: '0',
  max_standby_archive_delay: '0',
});

void test('invariant 16: proof of what a replica has is in the round trip of the read, and asked for once', async () => {
  const {servers} = replicated;
  const tap = await openWireTap(replicated.replica(0).connectionString);
  const onPrimary = await openWireTap(servers.primary.connectionString);
  const pools = [onPrimary.url, tap.url].map((url) =>
    createConnectionPool({connectionString: url, poolSize: 1}),
  );
  const [primary, replica] = pools;
  assert.ok(primary && replica);
  // Probes are seldom enough to stay out of the count.
  await using db = createCluster(primary, replica, {
    probeMilliseconds: 60_000,
    maxLagMilliseconds: 1e9,
    waitMilliseconds: 1000,
  });
  await db.query(sql`CREATE TABLE tapped (id int)`);
  await until(async () => (await db.explain(sql`SELECT id FROM tapped`)).target === 'replica');
  const write = () => db.query(sql`INSERT INTO tapped VALUES (1)`);
  const read = () => db.query(sql`SELECT id FROM tapped`);
  for (let index = 0; index < 3; index++) {
    await write();
    await servers.catchUp();
    await read();
  }
  onPrimary.clear();
  await write();
  assert.deepEqual(onPrimary.flights, ['BESBES']);
  await servers.catchUp();
  tap.clear();
  await read();
  assert.deepEqual(tap.flights, ['BESBES']);
  tap.clear();
  await read();
  await read();
  assert.deepEqual(tap.flights, ['BES', 'BES']);
  await db.dispose();
  await Promise.all([tap.close(), onPrimary.close()]);
});

void test('invariant 13: reads that conflict with the replay run again elsewhere', async () => {
  await using db = replicated.cluster({consistency: 'eventual'});
  await using direct = poolOf(replicated.servers.primary);
  // Of its own, so that it does not wait behind what it looks for.
  await using observer = poolOf(replicated.replica(0), {poolSize: 1});
  await direct.query(sql`CREATE TABLE conflicting (id int)`);
  await replicated.servers.catchUp();
  const conflictsOf = async () => {
    const [row] = await db.replica.query(
      sql`SELECT sum(confl_snapshot + confl_lock)::int AS count FROM pg_stat_database_conflicts`,
    );
    return Number(row.count);
  };
  await db.query(sql`SELECT 1`);
  const before = await conflictsOf();
  const rounds = roundsOf(100, 4);
  for (let round = 0; round < rounds; round++) {
    await direct.query(sql`INSERT INTO conflicting SELECT generate_series(1, 1000)`);
    await replicated.servers.catchUp();
    await until(() => db.nodes().every(({phase}) => phase === 'serving'));
    const reads = Array.from({length: 3}, () =>
      db.query(sql`SELECT count(*) FROM conflicting, pg_sleep(0.4)`),
    );
    await whenRunning(observer, 'FROM conflicting, pg_sleep');
    if (round % 2 === 0) {
      await direct.query(sql`DELETE FROM conflicting`);
      await direct.query(sql`VACUUM conflicting`);
    } else await direct.query(sql`TRUNCATE conflicting`);
    for (const rows of await Promise.all(reads)) assert.equal(rows.length, 1);
  }
  // What conflicts is counted once the statistics of its session are flushed.
  await until(async () => (await conflictsOf()) > before);
  console.log(`# ${(await conflictsOf()) - before} conflicts in ${rounds} rounds`);
});

void test('invariant 2: what a replica refuses to write is written once, by the primary', async () => {
  await using direct = poolOf(replicated.servers.primary);
  await direct.query(sql`CREATE TABLE effects (id int)`);
  await direct.query(
    sql`CREATE FUNCTION sneaky(int) RETURNS int LANGUAGE sql AS 'INSERT INTO effects VALUES ($1) RETURNING id'`,
  );
  await direct.query(
    sql`CREATE FUNCTION raises() RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN RAISE 'own' USING ERRCODE = '25006'; END $$`,
  );
  await replicated.servers.catchUp();
  const sent: string[] = [];
  const pools = [replicated.servers.primary, replicated.replica(0)].map((server, index) =>
    poolOf(server, {
      onQueryStart(_, {text}) {
        if (/sneaky|raises/.test(text)) sent.push(index === 0 ? 'primary' : 'replica');
      },
    }),
  );
  const [primary, replica] = pools;
  assert.ok(primary && replica);
  await using db = createCluster(primary, replica, {reads: ['sneaky']});
  await until(async () => (await db.explain(sql`SELECT sneaky(1)`)).target === 'replica');
  const effects = async () => {
    const [row] = await direct.query(sql`
      WITH gone AS (DELETE FROM effects RETURNING id)
      SELECT count(*)::int AS count, count(DISTINCT id)::int AS different FROM gone
    `);
    return {count: row.count, different: row.different};
  };
  const times = roundsOf(1000, 20);
  for (let id = 1; id <= times; id++) await db.query(sql`SELECT sneaky(${id}::int)`);
  assert.deepEqual(await effects(), {count: times, different: times});
  assert.deepEqual(sent, Array.from({length: times}, () => ['replica', 'primary']).flat());

  // Refused behind 900 rows: a query delivers nothing before its end, so it may run again; a stream has delivered.
  const late = sql`SELECT CASE WHEN id > 900 THEN sneaky(id) ELSE id END AS id FROM generate_series(1, 1000) AS id`;
  sent.length = 0;
  assert.equal((await db.query(late)).length, 1000);
  assert.deepEqual(sent, ['replica', 'primary']);
  assert.deepEqual(await effects(), {count: 100, different: 100});
  sent.length = 0;
  const seen: number[] = [];
  await assert.rejects(
    async () => {
      for await (const {id} of db.queryStream(late, {batchSize: 100})) seen.push(id);
    },
    {code: '25006'},
  );
  assert.ok(seen.length > 0 && new Set(seen).size === seen.length);
  assert.deepEqual(sent, ['replica']);
  assert.deepEqual(await effects(), {count: 0, different: 0});

  // A program's own error of that SQLSTATE is the program's.
  sent.length = 0;
  const failure = await failureOf(db.query(sql`SELECT raises()`));
  assert.deepEqual(sent, ['replica']);
  assert.ok(failure instanceof DatabaseError && failure.routine === 'exec_stmt_raise');
  // In a transaction on a replica nothing runs again.
  sent.length = 0;
  const refused = await failureOf(
    db.tx((tx) => tx.query(sql`SELECT sneaky(99)`), {readOnly: true}),
  );
  assert.equal(refused.code, '25006');
  assert.deepEqual(sent, ['replica']);
  assert.deepEqual(await effects(), {count: 0, different: 0});
});

void test('strong reads see what another process has committed', async () => {
  await using direct = poolOf(replicated.servers.primary);
  await direct.query(sql`CREATE TABLE strongly (id int)`);
  await replicated.servers.catchUp();
  await using db = replicated.cluster({consistency: 'strong'});
  for (let id = 1; id <= 50; id++) {
    await direct.query(sql`INSERT INTO strongly VALUES (${id})`);
    const rows = await db.query(sql`SELECT id FROM strongly WHERE id = ${id}`);
    assert.equal(rows.length, 1);
  }
});

void test('a write that is not flushed when it is acknowledged is seen all the same', async () => {
  const url = new URL(replicated.servers.primary.connectionString);
  url.search = '?options=-c%20synchronous_commit%3Doff';
  await using db = createCluster(createConnectionPool(url.href), poolOf(replicated.replica(0)));
  await db.query(sql`CREATE TABLE unflushed (id int)`);
  await until(async () => (await db.explain(sql`SELECT * FROM unflushed`)).target === 'replica');
  const [setting] = await db.primary.query(sql`SHOW synchronous_commit`);
  assert.equal(setting.synchronous_commit, 'off');
  await until(() => db.nodes().every(({phase}) => phase === 'serving'));
  for (let id = 1; id <= 100; id++) {
    await db.query(sql`INSERT INTO unflushed VALUES (${id})`);
    const rows = await db.query(sql`SELECT id FROM unflushed WHERE id = ${id}`);
    assert.equal(rows.length, 1);
  }
});
