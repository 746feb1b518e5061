/**
 * A replica that dies, freezes, lags, goes back in time or conflicts, under reads: no read fails, none is stale.
 * How often: support/cluster-rounds.ts.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ConnectionError, sql} from '@databases/pg';
import type {ConnectionPool, Transaction} from '@databases/pg';
import createCluster from '@databases/pg-cluster';
import type {Cluster} from '@databases/pg-cluster';
import type {Server} from '@databases/pg-test';
import {failureOf} from '../support/failure';
import {cutOff, reattach, resumeReplay, stopReplay} from '../support/replication-faults';
import {roundsOf, summary} from '../support/cluster-rounds';
import {poolOf, until, useReplicated} from '../support/replicated';
import {describeWorst, watchScheduling} from '../support/scheduling-delay';
import type {Delay} from '../support/scheduling-delay';
import {forbidUnhandledErrors} from '../support/unhandled';

forbidUnhandledErrors();
const replicated = useReplicated(2);

async function serving(db: Cluster, count: number): Promise<void> {
  await until(() => db.nodes().filter(({phase}) => phase === 'serving').length === count, 30_000);
}

/** Reads all the time until it is stopped; gives how many there were and the errors. */
function readAllTheTime(db: Cluster, readers: number) {
  let running = true;
  const errors: unknown[] = [];
  let count = 0;
  const isRunning = () => running;
  const loops = Array.from({length: readers}, async () => {
    while (isRunning()) {
      try {
        await db.query(sql`SELECT count(*) FROM pg_class`);
      } catch (error) {
        errors.push(error);
        // A test that has failed disposes of the cluster, and this would go on without ever waiting.
        if (errors.length > 100) return;
      }
      count++;
    }
  });
  return {
    get count() {
      return count;
    },
    async stop() {
      running = false;
      let ended = 0;
      for (const loop of loops) void loop.then(() => ended++);
      await until(() => ended === readers, 30_000);
      return {count, errors};
    },
  };
}

void test('invariant 7: no read fails when a replica is killed or stopped, and it comes back by itself', async () => {
  await using db = replicated.cluster();
  await db.query(sql`SELECT 1`);
  const server = replicated.replica(0);
  const rounds = roundsOf(50);
  let count = 0;
  for (let round = 0; round < rounds; round++) {
    for (const death of ['kill', 'fast', 'immediate', 'crash', 'one session'] as const) {
      await serving(db, 3);
      const reads = readAllTheTime(db, 4);
      await until(() => reads.count > 50);
      if (death === 'kill') {
        await server.kill();
        await until(() => db.nodes()[1]?.phase === 'ejected');
        await server.restart('crash');
      } else if (death === 'one session') {
        const before = reads.count;
        await killOneSession(server);
        await until(() => reads.count > before + 50);
      } else await server.restart(death);
      const ended = await reads.stop();
      assert.deepEqual(ended.errors, [], death);
      count += ended.count;
    }
  }
  console.log(`# ${rounds} times each of five deaths, ${count} reads`);
});

/** With SIGKILL, as the kernel does where memory is short: the postmaster ends all others and recovers. */
async function killOneSession(server: Server): Promise<void> {
  await using pool = poolOf(server, {poolSize: 1});
  await pool.task(async (connection) => {
    const [session] = await connection.query(sql`SELECT pg_backend_pid() AS pid`);
    process.kill(session.pid, 'SIGKILL');
    await until(() =>
      connection.query(sql`SELECT 1`).then(
        () => false,
        () => true,
      ),
    );
  });
}

void test('invariant 6: a frozen replica is ejected within a second, and few reads get stuck in it', async () => {
  await using db = replicated.cluster({}, {poolSize: 50});
  await db.query(sql`SELECT 1`);
  const server = replicated.replica(0);
  const rounds = roundsOf(20);
  const took: (Delay & {took: number})[] = [];
  const stuck: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await serving(db, 3);
    const reads = readOpenLoop(db);
    await until(() => reads.count > 100);
    const inFlight = db.nodes()[1]?.inFlight ?? 0;
    server.pause();
    try {
      const frozenAt = performance.now();
      const delay = watchScheduling();
      await until(() => db.nodes()[1]?.phase === 'ejected');
      took.push({took: performance.now() - frozenAt, ...delay()});
      const {errors, durations} = await reads.stop();
      assert.deepEqual(errors, []);
      // Beyond what was there already: balancing sends no more to a node that does not answer.
      stuck.push(durations.filter((milliseconds) => milliseconds > 300).length - inFlight);
    } finally {
      server.resume();
    }
  }
  await serving(db, 3);
  console.log(
    `# ejected after milliseconds: ${summary(took.map((round) => round.took))}: ${describeWorst(took)}`,
  );
  console.log(`# reads stuck beyond those in flight: ${summary(stuck)}`);
  // What a process without a processor does not do is not late by its own fault.
  assert.deepEqual(
    took.filter((round) => round.took - (round.ownMilliseconds || 0) >= 1000),
    [],
  );
  assert.deepEqual(
    stuck.filter((reads) => reads > 10),
    [],
  );
});

/** A read every 2 ms, whether those before are answered or not: nothing holds it back when a node does. */
function readOpenLoop(db: Cluster) {
  const errors: unknown[] = [];
  const durations: number[] = [];
  const reads: Promise<void>[] = [];
  const timer = setInterval(() => {
    const start = performance.now();
    const read = db.query(sql`SELECT 1`).then(
      () => void durations.push(performance.now() - start),
      (error: unknown) => void errors.push(error),
    );
    reads.push(read);
  }, 2);
  return {
    get count() {
      return durations.length;
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(reads);
      return {errors, durations};
    },
  };
}

/** Ten minutes with CLUSTER_ROUNDS=full, for checkpoints and what else a server writes when nobody asks it anything. */
const idleMilliseconds = roundsOf(600) * 1000;

void test('invariant 8: a replica that stops replaying is left out when it is further behind than maxLag, an idle one is not', async () => {
  const maxLagMilliseconds = 300;
  await using db = replicated.cluster({maxLagMilliseconds, probeMilliseconds: 50});
  await db.query(sql`CREATE TABLE IF NOT EXISTS ticks (id int)`);
  await serving(db, 3);
  await using replica = poolOf(replicated.replica(0));
  const took: number[] = [];
  const rounds = roundsOf(20, 1);
  for (let round = 0; round < rounds; round++) {
    for (const [stop, goOn] of [
      [stopReplay, resumeReplay],
      [cutOff, reattach],
    ] as const) {
      await serving(db, 3);
      await replicated.servers.catchUp();
      await stop(replica);
      await db.query(sql`INSERT INTO ticks VALUES (1)`);
      const writtenAt = performance.now();
      await until(() => db.nodes()[1]?.phase === 'lagging');
      took.push(performance.now() - writtenAt);
      await goOn(replica);
    }
  }
  await serving(db, 3);
  console.log(`# left out, milliseconds after a write that it did not replay: ${summary(took)}`);
  assert.deepEqual(
    took.filter((milliseconds) => milliseconds > maxLagMilliseconds + 500),
    [],
  );
});

void test('invariant 8: nobody is left out because nothing is written, not even with replay stopped', async () => {
  await using db = replicated.cluster();
  await db.query(sql`SELECT 1`);
  await serving(db, 3);
  const ejected: string[] = [];
  db.on('eject', ({node, reason}) => void ejected.push(`${node}: ${reason}`));
  await new Promise((resolve) => setTimeout(resolve, idleMilliseconds));
  assert.deepEqual(ejected, []);
  await using replica = poolOf(replicated.replica(0));
  await replicated.servers.catchUp();
  await stopReplay(replica);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await resumeReplay(replica);
  assert.deepEqual(ejected, []);
});

void test('invariant 5: reads of a monotonic session never go back when a standby is killed and reopened', async () => {
  await using db = replicated.cluster({consistency: 'monotonic'});
  await db.query(sql`CREATE TABLE rising AS SELECT 0 AS count`);
  await until(async () => (await db.explain(sql`SELECT * FROM rising`)).target === 'replica');
  await using other = poolOf(replicated.replica(0));
  let reads = 0;
  const rounds = roundsOf(20);
  for (let round = 0; round < rounds; round++) {
    await serving(db, 3);
    let running = true;
    const isRunning = () => running;
    await using writer = poolOf(replicated.servers.primary);
    const writes = (async () => {
      while (isRunning()) await writer.query(sql`UPDATE rising SET count = count + 1`);
    })();
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
      await stopReplay(other);
      await more(100);
      await resumeReplay(other);
      await replicated.replica(1).restart('crash');
      await more(100);
    } finally {
      running = false;
    }
    await Promise.all([...readers, writes]);
  }
  console.log(`# ${reads} reads, standby killed ${rounds} times`);
});

void test('invariant 14: what a replica does not know yet is read from the primary', async () => {
  await using db = replicated.cluster({consistency: 'eventual', maxLagMilliseconds: 60_000});
  await db.primary.query(sql`CREATE TABLE known AS SELECT 1 AS id`);
  await replicated.servers.catchUp();
  await db.query(sql`SELECT * FROM known`);
  await serving(db, 3);
  await using one = poolOf(replicated.replica(0));
  await using two = poolOf(replicated.replica(1));
  for (const pool of [one, two]) await stopReplay(pool);
  await db.primary.query(sql`
    CREATE SCHEMA later;
    CREATE TABLE later.unseen (id int);
    CREATE TABLE unseen (id int);
    CREATE TYPE mood AS ENUM ('fine');
    ALTER TABLE known ADD COLUMN late int;
  `);
  const unseen = [
    sql`SELECT * FROM unseen`,
    sql`SELECT late FROM known`,
    sql`SELECT * FROM later.unseen`,
    sql`SELECT 'fine'::mood AS mood`,
  ];
  for (const query of unseen) assert.equal((await db.explain(query)).target, 'replica');
  const rounds = roundsOf(50, 5);
  for (let round = 0; round < rounds; round++) {
    for (const query of unseen) await db.query(query);
  }
  // The plan of the same text has other columns when the replica has caught up: 0A000 where it is prepared.
  for (const pool of [one, two]) await resumeReplay(pool);
  await replicated.servers.catchUp();
  for (let round = 0; round < rounds; round++) {
    assert.deepEqual(await db.query(sql`SELECT * FROM known`), [{id: 1, late: null}]);
  }
});

void test('a read-only transaction whose replica dies runs on another node, if it may run again', async () => {
  await using db = replicated.cluster({consistency: 'eventual'});
  await db.query(sql`SELECT 1`);
  const rounds = roundsOf(20, 2);
  for (let round = 0; round < rounds; round++) {
    await serving(db, 3);
    const ports: string[] = [];
    /** The first time, it kills the server that it is on. */
    const work = async (tx: Transaction) => {
      const [row] = await tx.query(sql`SELECT current_setting('port') AS port`);
      ports.push(row.port);
      const server = replicated.servers.replicas.find(({port}) => String(port) === row.port);
      if (ports.length === 1) {
        assert.ok(server);
        await server.kill();
      }
      await tx.query(sql`SELECT count(*) FROM pg_class`);
      return row.port;
    };
    const killed = () =>
      replicated.servers.replicas.find(({port}) => String(port) === ports[0])?.restart('crash');
    const port = await db.tx(work, {readOnly: true, retrySerializationFailures: true});
    assert.deepEqual(ports, [ports[0], port]);
    assert.notEqual(ports[0], port);
    await killed();
    await serving(db, 3);
    // Without leave, what the program has seen of the first run is not done again.
    ports.length = 0;
    await failureOf(db.tx(work, {readOnly: true}));
    assert.equal(ports.length, 1);
    await killed();
  }
  await serving(db, 3);
});

const lost = () => new ConnectionError('the test says so', {code: 'PG_CONNECTION_LOST'});

/** A pool on a standby whose calls fail as if its connections broke; its monitor's do not. */
function brokenPool(server: Server): ConnectionPool {
  const pool = poolOf(server);
  pool.tx = () => Promise.reject(lost());
  pool.task = () => Promise.reject(lost());
  pool.queryStream = () => ({
    [Symbol.asyncIterator]: () => ({next: () => Promise.reject(lost())}),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
  return pool;
}

void test('what fails on a replica before the program has seen anything of it runs on another node', async () => {
  const [primary, one, other] = [
    poolOf(replicated.servers.primary),
    brokenPool(replicated.replica(0)),
    poolOf(replicated.replica(1)),
  ];
  await using db = createCluster(primary, [one, other], {consistency: 'eventual'});
  await db.query(sql`CREATE TABLE IF NOT EXISTS streamed AS SELECT generate_series(1, 3) AS id`);
  await replicated.servers.catchUp();
  await serving(db, 3);
  await until(async () => (await db.explain(sql`SELECT id FROM streamed`)).target === 'replica');
  for (let times = 0; times < 10; times++) {
    assert.equal(await db.tx(async () => 1, {readOnly: true}), 1);
    assert.equal(await db.task(async () => 2, {on: 'replica'}), 2);
    const ids: number[] = [];
    for await (const {id} of db.queryStream(sql`SELECT id FROM streamed`)) ids.push(id);
    assert.deepEqual(ids, [1, 2, 3]);
    await serving(db, 3);
  }
});
