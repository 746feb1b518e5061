/**
 * A replica that dies, freezes, lags, goes back in time or conflicts, under reads: no read fails, none is stale.
 * CLUSTER_ROUNDS makes them longer.
 */
import assert from 'node:assert/strict';
import {afterEach, test} from 'node:test';
import {sql} from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';
import createCluster from '@databases/pg-cluster';
import type {Cluster} from '@databases/pg-cluster';
import {poolOf, until, useReplicated} from '../support/replicated';
import {forbidUnhandledErrors} from '../support/unhandled';

forbidUnhandledErrors();
const rounds = Number(process.env['CLUSTER_ROUNDS'] ?? '2');
const replicated = useReplicated(2);
const pools: ConnectionPool[] = [];
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.dispose())));

async function serving(db: Cluster, count: number): Promise<void> {
  await until(() => db.nodes().filter(({phase}) => phase === 'serving').length === count, 30_000);
}

/** Reads all the time until it is stopped; gives how many there were, the errors and the longest. */
function readAllTheTime(db: Cluster, readers: number) {
  let running = true;
  const errors: unknown[] = [];
  let count = 0;
  let longestMilliseconds = 0;
  const isRunning = () => running;
  const loops = Array.from({length: readers}, async () => {
    while (isRunning()) {
      const start = performance.now();
      try {
        await db.query(sql`SELECT count(*) FROM pg_class`);
      } catch (error) {
        errors.push(error);
      }
      longestMilliseconds = Math.max(longestMilliseconds, performance.now() - start);
      count++;
    }
  });
  return {
    get count() {
      return count;
    },
    async stop() {
      running = false;
      await Promise.all(loops);
      return {count, errors, longestMilliseconds};
    },
  };
}

void test('invariant 7: no read fails when a replica is killed or stopped, and it comes back by itself', async () => {
  await using db = replicated.cluster();
  await db.query(sql`SELECT 1`);
  const server = replicated.replica(0);
  for (let round = 0; round < rounds; round++) {
    for (const mode of ['kill', 'fast', 'immediate', 'crash'] as const) {
      await serving(db, 3);
      const reads = readAllTheTime(db, 4);
      await until(() => reads.count > 50);
      if (mode === 'kill') {
        await server.kill();
        await until(() => db.nodes()[1]?.phase === 'ejected');
        await server.restart('crash');
      } else await server.restart(mode);
      const {errors} = await reads.stop();
      assert.deepEqual(errors, [], mode);
    }
  }
});

void test('invariant 6: a frozen replica is ejected within a second, and what was stuck in it is read elsewhere', async () => {
  await using db = replicated.cluster();
  await db.query(sql`SELECT 1`);
  await serving(db, 3);
  const server = replicated.replica(0);
  const reads = readAllTheTime(db, 4);
  await until(() => reads.count > 50);
  server.pause();
  try {
    const frozenAt = performance.now();
    await until(() => db.nodes()[1]?.phase === 'ejected');
    const took = performance.now() - frozenAt;
    const {errors, longestMilliseconds} = await reads.stop();
    console.log(
      `# ejected after ${took.toFixed(0)} ms, longest read ${longestMilliseconds.toFixed(0)} ms`,
    );
    assert.deepEqual(errors, []);
    assert.ok(took < 1000, `${took} ms`);
  } finally {
    server.resume();
  }
  await serving(db, 3);
});

void test('invariant 8: a replica that stops replaying is left out when it is further behind than maxLag, an idle one is not', async () => {
  await using db = replicated.cluster({maxLagMilliseconds: 300, probeMilliseconds: 50});
  await db.query(sql`CREATE TABLE IF NOT EXISTS ticks (id int)`);
  await serving(db, 3);
  const ejected: string[] = [];
  db.on('eject', ({node}) => void ejected.push(node));
  const replica = poolOf(replicated.replica(0));
  pools.push(replica);
  await replica.query(sql`SELECT pg_wal_replay_pause()`);
  await until(async () => {
    const [row] = await replica.query(sql`SELECT pg_get_wal_replay_pause_state() AS state`);
    return row.state === 'paused';
  });
  // Idle: nothing that it does not have.
  await new Promise((resolve) => setTimeout(resolve, 700));
  assert.deepEqual(ejected, []);
  await db.query(sql`INSERT INTO ticks VALUES (1)`);
  const writtenAt = performance.now();
  await until(() => db.nodes()[1]?.phase === 'lagging');
  const took = performance.now() - writtenAt;
  console.log(`# left out ${took.toFixed(0)} ms after the write that it did not replay`);
  assert.ok(took < 800, `${took} ms`);
  await replica.query(sql`SELECT pg_wal_replay_resume()`);
  await serving(db, 3);
});

void test('invariant 3: no read is stale while a replica is paused, goes on, and lags; most are served by replicas', async () => {
  await using db = replicated.cluster({waitMilliseconds: 20});
  await db.query(sql`CREATE TABLE pairs (id int PRIMARY KEY)`);
  await serving(db, 3);
  await until(async () => (await db.explain(sql`SELECT * FROM pairs`)).target === 'replica');
  const replica = poolOf(replicated.replica(0));
  pools.push(replica);
  let stale = 0;
  const pairs = 400 * rounds;
  for (let id = 0; id < pairs; id++) {
    if (id % 100 === 50) await replica.query(sql`SELECT pg_wal_replay_pause()`);
    if (id % 100 === 80) await replica.query(sql`SELECT pg_wal_replay_resume()`);
    await db.query(sql`INSERT INTO pairs VALUES (${id})`);
    const rows = await db.query(sql`SELECT id FROM pairs WHERE id = ${id}`);
    if (rows.length === 0) stale++;
  }
  await replica.query(sql`SELECT pg_wal_replay_resume()`);
  assert.equal(stale, 0, `${stale} of ${pairs}`);
});

void test('invariant 3: at 5 ms of waiting, replicas that are well serve most reads behind a write', async () => {
  let onPrimary = 0;
  const {servers} = replicated;
  await using primary = poolOf(servers.primary, {
    onQueryStart(_, {text}) {
      if (/FROM healthy/.test(text)) onPrimary++;
    },
  });
  await using db = createCluster(
    primary,
    servers.replicas.map((server) => poolOf(server)),
  );
  await db.query(sql`CREATE TABLE healthy (id int PRIMARY KEY)`);
  await until(async () => (await db.explain(sql`SELECT * FROM healthy`)).target === 'replica');
  const pairs = 200 * rounds;
  for (let id = 0; id < pairs; id++) {
    await db.query(sql`INSERT INTO healthy VALUES (${id})`);
    const rows = await db.query(sql`SELECT id FROM healthy WHERE id = ${id}`);
    assert.equal(rows.length, 1);
  }
  const onReplicas = pairs - onPrimary;
  console.log(`# ${onReplicas} of ${pairs} reads behind a write were served by replicas`);
  assert.ok(onReplicas > pairs / 2);
});

void test('invariant 5: reads of a monotonic session never go back when a standby is killed and reopened', async () => {
  await using db = replicated.cluster({consistency: 'monotonic'});
  await db.query(sql`CREATE TABLE rising AS SELECT 0 AS count`);
  await until(async () => (await db.explain(sql`SELECT * FROM rising`)).target === 'replica');
  await using other = poolOf(replicated.replica(0));
  for (let round = 0; round < rounds; round++) {
    await serving(db, 3);
    let running = true;
    const isRunning = () => running;
    await using writer = poolOf(replicated.servers.primary);
    const writes = (async () => {
      while (isRunning()) await writer.query(sql`UPDATE rising SET count = count + 1`);
    })();
    let reads = 0;
    const readers = Array.from({length: 3}, () =>
      db.session(async () => {
        let highest = 0;
        while (isRunning()) {
          const [row] = await db.query(sql`SELECT count FROM rising`);
          assert.ok(row.count >= highest, `${row.count} after ${highest}`);
          highest = row.count;
          reads++;
        }
      }),
    );
    const more = (count: number) => {
      const before = reads;
      return until(() => reads > before + count);
    };
    try {
      await more(30);
      await other.query(sql`SELECT pg_wal_replay_pause()`);
      await more(100);
      await other.query(sql`SELECT pg_wal_replay_resume()`);
      await replicated.replica(1).restart('crash');
      await more(100);
    } finally {
      running = false;
    }
    await Promise.all([...readers, writes]);
  }
});

void test('invariant 14: what a replica does not know yet is read from the primary', async () => {
  await using db = replicated.cluster({consistency: 'eventual', maxLagMilliseconds: 60_000});
  await db.query(sql`SELECT 1`);
  await serving(db, 3);
  const replicas = [0, 1].map((index) => poolOf(replicated.replica(index)));
  pools.push(...replicas);
  for (const pool of replicas) await pool.query(sql`SELECT pg_wal_replay_pause()`);
  await db.primary.query(sql`CREATE TABLE unseen (id int)`);
  await db.primary.query(sql`ALTER TABLE ticks ADD COLUMN late int`);
  const verdict = await db.explain(sql`SELECT * FROM unseen`);
  assert.equal(verdict.target, 'replica');
  for (let index = 0; index < 10; index++) {
    await db.query(sql`SELECT * FROM unseen`);
    await db.query(sql`SELECT late FROM ticks`);
  }
  for (const pool of replicas) await pool.query(sql`SELECT pg_wal_replay_resume()`);
});
