/** What a read costs on the wire, and when it is done once more elsewhere. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {DatabaseError, sql} from '@databases/pg';
import createCluster from '@databases/pg-cluster';
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

void test('invariant 13: reads that conflict with the replay run again on the primary', async () => {
  await using db = replicated.cluster({consistency: 'eventual'});
  await using direct = poolOf(replicated.servers.primary);
  await direct.query(sql`CREATE TABLE vacuumed (id int)`);
  await replicated.servers.catchUp();
  const conflictsOf = async () => {
    const [row] = await db.replica.query(
      sql`SELECT sum(confl_snapshot)::int AS count FROM pg_stat_database_conflicts`,
    );
    return Number(row.count);
  };
  await db.query(sql`SELECT 1`);
  const before = await conflictsOf();
  for (let round = 0; round < 3; round++) {
    await direct.query(sql`INSERT INTO vacuumed SELECT generate_series(1, 1000)`);
    await replicated.servers.catchUp();
    const reads = Array.from({length: 3}, () =>
      db.query(sql`SELECT count(*) FROM vacuumed, pg_sleep(0.15)`),
    );
    await direct.query(sql`DELETE FROM vacuumed`);
    await direct.query(sql`VACUUM vacuumed`);
    for (const rows of await Promise.all(reads)) assert.equal(rows.length, 1);
  }
  await until(async () => (await conflictsOf()) > before);
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
  await using db = replicated.cluster({reads: ['sneaky']});
  assert.equal((await db.explain(sql`SELECT sneaky(1)`)).target, 'replica');
  for (let id = 1; id <= 20; id++) await db.query(sql`SELECT sneaky(${id}::int)`);
  const [row] = await db.query(sql`SELECT count(*)::int AS count FROM effects`);
  assert.equal(row.count, 20);
  // A program's own error of that SQLSTATE is the program's.
  let sent = 0;
  const watched = [replicated.servers.primary, replicated.replica(0)].map((server) =>
    poolOf(server, {
      onQueryStart(_, {text}) {
        if (text === 'SELECT raises()') sent++;
      },
    }),
  );
  const [primary, replica] = watched;
  assert.ok(primary && replica);
  await using counted = createCluster(primary, replica);
  assert.equal((await counted.explain(sql`SELECT raises()`)).target, 'replica');
  const failure = await failureOf(counted.query(sql`SELECT raises()`));
  assert.equal(sent, 1);
  assert.ok(failure instanceof DatabaseError && failure.routine === 'exec_stmt_raise');
  // In a transaction on a replica nothing runs again.
  const refused = await failureOf(
    db.tx((tx) => tx.query(sql`SELECT sneaky(99)`), {readOnly: true}),
  );
  assert.equal(refused.code, '25006');
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
