/**
 * A primary that dies under writes: which node takes over, what becomes of what was sent, and what is never done.
 * Each test has servers of its own; how often it does it all over again, see support/cluster-rounds.ts.
 */
import assert from 'node:assert/strict';
import {channel} from 'node:diagnostics_channel';
import {test} from 'node:test';
import {PgError, sql} from '@databases/pg';
import type {NotificationGap} from '@databases/pg';
import type {Server} from '@databases/pg-test';
import {medianOf, roundsOf, summary} from '../support/cluster-rounds';
import {clusterOver, first, sentOf, startServers} from '../support/failover';
import {poolOf, until} from '../support/replicated';
import {describeWorst, watchScheduling} from '../support/scheduling-delay';
import type {Delay} from '../support/scheduling-delay';
import {forbidUnhandledErrors} from '../support/unhandled';

forbidUnhandledErrors();

/** When the server took its first write, tried without the cluster. */
async function writableAt(server: Server): Promise<number> {
  await using pool = poolOf(server, {poolSize: 1});
  for (;;) {
    try {
      await pool.query(sql`CREATE TEMPORARY TABLE IF NOT EXISTS is_writable (id int)`);
      return performance.now();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

void test('invariant 12: writes go on within 500 ms of the new primary being writable', async () => {
  const took: number[] = [];
  const delayed: (Delay & {took: number})[] = [];
  const rounds = roundsOf(100);
  for (let round = 0; round < rounds; round++) {
    await using servers = await startServers(1);
    await using db = clusterOver(servers);
    await db.query(sql`CREATE TABLE quick (id int)`);
    await servers.catchUp();
    await servers.primary.kill();
    const promoted = first(servers.replicas);
    const delay = watchScheduling();
    const write = (async () => {
      for (;;) {
        try {
          await db.query(sql`INSERT INTO quick VALUES (1)`);
          return performance.now();
        } catch (error) {
          assert.equal(sentOf(error), 'maybe');
        }
      }
    })();
    const [writable, wrote] = await Promise.all([writableAt(promoted), write, promoted.promote()]);
    took.push(wrote - writable);
    delayed.push({took: wrote - writable, ...delay()});
  }
  console.log(
    `# first write, milliseconds after writable: ${summary(took)}: ${describeWorst(delayed)}`,
  );
  assert.ok(medianOf(took) < 500);
});

void test('a replica that follows the new primary serves again', async () => {
  await using servers = await startServers(2);
  await using db = clusterOver(servers);
  await db.query(sql`SELECT 1`);
  await servers.catchUp();
  await servers.primary.kill();
  const [promoted, other] = servers.replicas;
  assert.ok(promoted && other);
  await promoted.promote();
  await other.follow(promoted);
  await until(() => db.nodes().filter(({phase}) => phase === 'serving').length === 2);
});

void test('invariant 4: tokens of a timeline that was lost are never compared by their numbers, and told of once each', async () => {
  await using servers = await startServers(2);
  await using db = clusterOver(servers);
  const [promoted, other] = servers.replicas;
  assert.ok(promoted && other);
  const lost: string[] = [];
  db.on('tokenLost', ({token}) => void lost.push(token));
  await db.query(sql`CREATE TABLE generation (id int)`);
  await servers.catchUp();
  // Cut off, so that what is written now is lost with the primary.
  for (const replica of servers.replicas) {
    await using pool = poolOf(replica, {poolSize: 1});
    await pool.query(sql`ALTER SYSTEM SET primary_conninfo = ''`);
    await pool.query(sql`SELECT pg_reload_conf()`);
    await until(async () => (await pool.query(sql`SELECT FROM pg_stat_wal_receiver`)).length === 0);
    await pool.query(sql`ALTER SYSTEM RESET primary_conninfo`);
  }
  const tokens: string[] = [];
  for (let index = 0; index < 50; index++) {
    await db.session(async () => {
      await db.query(sql`INSERT INTO generation VALUES (1)`);
      tokens.push(await db.token());
    });
  }
  await servers.primary.kill();
  await promoted.promote();
  await other.follow(promoted);
  await using direct = poolOf(promoted);
  await direct.query(sql`INSERT INTO generation SELECT generate_series(2, 20000)`);
  await until(() => db.nodes().filter(({phase}) => phase === 'serving').length === 2);
  await until(async () => (await db.explain(sql`SELECT * FROM generation`)).target === 'replica');
  for (const after of tokens) {
    await db.session({after}, async () => {
      // The lost row is nowhere; all that the new primary has is seen, although its positions are beyond the token's.
      await direct.query(sql`INSERT INTO generation VALUES (1)`);
      const [truth] = await direct.query(sql`SELECT count(*)::int AS count FROM generation`);
      for (let index = 0; index < 4; index++) {
        const [row] = await db.query(sql`SELECT count(*)::int AS count FROM generation`);
        assert.equal(row.count, truth.count);
      }
    });
  }
  assert.deepEqual(lost, tokens);
});

void test('invariant 11: a primary of the past that is started again gets no writes and no reads', async () => {
  const took: number[] = [];
  const delayed: (Delay & {took: number})[] = [];
  const rounds = roundsOf(20);
  for (let round = 0; round < rounds; round++) {
    await using servers = await startServers(1);
    await using db = clusterOver(servers);
    const split: (readonly string[])[] = [];
    let toldAt = 0;
    db.on('splitBrain', ({nodes}) => {
      toldAt = performance.now();
      split.push(nodes);
    });
    await db.query(sql`CREATE TABLE past (id int)`);
    await servers.catchUp();
    await servers.primary.kill();
    await first(servers.replicas).promote();
    await until(() => db.nodes()[1]?.role === 'primary');
    let phase: 'writing' | 'done' = 'writing';
    const isWriting = () => phase === 'writing';
    let written = 0;
    const writes = (async () => {
      while (isWriting()) {
        const id = ++written;
        await db.query(sql`INSERT INTO past VALUES (${id})`);
        const rows = await db.query(sql`SELECT id FROM past WHERE id = ${id}`);
        assert.equal(rows.length, 1);
      }
    })();
    const delay = watchScheduling();
    const answersAt = firstAnswerOf(servers.primary);
    await servers.primary.restart('crash');
    await until(() => split.length > 0);
    const milliseconds = toldAt - (await answersAt);
    took.push(milliseconds);
    delayed.push({took: milliseconds, ...delay()});
    const before = written;
    await until(() => written > before + 30);
    phase = 'done';
    await writes;
    await using old = poolOf(servers.primary);
    assert.deepEqual(await old.query(sql`SELECT * FROM past`), []);
    assert.deepEqual(split, [['replica 1', 'primary']]);
    assert.equal(db.nodes()[0]?.role, 'unknown');
  }
  console.log(
    `# split brain told, milliseconds after it answers: ${summary(took)}: ${describeWorst(delayed)}`,
  );
  // One probe: 250 ms, give or take a twentieth so that many processes do not ask in step, and its answer.
  assert.ok(medianOf(took) < 400);
});

/** When the server answered its first query, asked without the cluster. */
async function firstAnswerOf(server: Server): Promise<number> {
  for (;;) {
    try {
      await using pool = poolOf(server, {poolSize: 1});
      await pool.query(sql`SELECT 1`);
      return performance.now();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}

void test('invariant 10: what a replaced primary acknowledges is not taken for done', async () => {
  const rounds = roundsOf(10, 1);
  for (let round = 0; round < rounds; round++) {
    await using servers = await startServers(1);
    await using db = clusterOver(servers);
    await db.query(sql`CREATE TABLE ghostly (id int)`);
    await servers.catchUp();
    let outcome = 'none';
    // The primary lives and would acknowledge it, two seconds after it was replaced.
    const write = db
      .query(sql`INSERT INTO ghostly SELECT 1 FROM pg_sleep(2)`)
      .then(() => 'acknowledged', sentOf)
      .then((ended) => (outcome = ended));
    await using watcher = poolOf(servers.primary);
    await until(async () => {
      const [row] = await watcher.query(
        sql`SELECT count(*)::int AS count FROM pg_stat_activity WHERE query LIKE 'INSERT INTO ghostly%' AND state = 'active'`,
      );
      return row.count === 1;
    });
    const published: unknown[] = [];
    const hear = (details: unknown) => void published.push(details);
    channel('@databases/pg:failover').subscribe(hear);
    const failover = new Promise((resolve) => db.on('failover', resolve));
    await first(servers.replicas).promote();
    const told = await failover;
    channel('@databases/pg:failover').unsubscribe(hear);
    assert.deepEqual(published, [told]);
    // At once, not when it acknowledges: its connections are gone.
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(outcome, 'maybe');
    await write;
    await db.query(sql`INSERT INTO ghostly VALUES (2)`);
    assert.deepEqual(await db.query(sql`SELECT id FROM ghostly`), [{id: 2}]);
  }
});

void test('reads go on while there is no primary, writes say that there is none and that they were not sent', async () => {
  await using servers = await startServers(1);
  await using db = clusterOver(servers, {failoverTimeoutMilliseconds: 300});
  await db.query(sql`SELECT 1`);
  await servers.primary.kill();
  await until(() => db.nodes()[0]?.phase === 'ejected');
  const error = await db.query(sql`CREATE TABLE never (id int)`).catch((thrown: unknown) => thrown);
  assert.equal(sentOf(error), 'no');
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

void test('invariant 17: disposing in the midst of a failover leaves nothing behind', async () => {
  const took: number[] = [];
  const rounds = roundsOf(20);
  for (let round = 0; round < rounds; round++) {
    await using servers = await startServers(1);
    const before = socketsAndTimers();
    const db = clusterOver(servers);
    await db.query(sql`SELECT 1`);
    await servers.primary.kill();
    const settled = Promise.allSettled([
      db.query(sql`CREATE TABLE never (id int)`),
      db.tx((tx) => tx.query(sql`CREATE TABLE never (id int)`)),
      db.query(sql`SELECT 1`),
      db.query(sql`SELECT pg_sleep(10)`, {on: 'replica', signal: AbortSignal.timeout(60)}),
    ]);
    // Later and later in it: before the loss is seen, while there is no primary, while another takes over.
    const promoted = round % 2 === 0 ? undefined : first(servers.replicas).promote();
    await new Promise((resolve) => setTimeout(resolve, round * 10));
    const start = performance.now();
    await db.dispose();
    took.push(performance.now() - start);
    const outcomes = await settled;
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected' && outcome.reason.name !== 'TimeoutError') {
        assert.ok(outcome.reason instanceof PgError, String(outcome.reason));
      }
    }
    await promoted;
    await until(() => socketsAndTimers() <= before, 100);
    // Nor does it go on unnoticed: sockets that are idle do not keep a process alive.
    await using observer = poolOf(first(servers.replicas), {poolSize: 1});
    await until(async () => {
      const others = await observer.query(
        sql`SELECT FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
      );
      return others.length === 0;
    });
  }
  console.log(`# disposed within milliseconds: ${summary(took)}`);
  assert.deepEqual(
    took.filter((milliseconds) => milliseconds > 1000),
    [],
    'it does not wait for a primary any more',
  );
});

/** What would keep the process alive. */
function socketsAndTimers(): number {
  return process
    .getActiveResourcesInfo()
    .filter((name) => name === 'Timeout' || name.startsWith('TCP')).length;
}

void test('a subscription moves to the new primary, and says what it may have missed', async () => {
  await using servers = await startServers(1);
  await using db = clusterOver(servers);
  const heard: string[] = [];
  const gaps: NotificationGap[] = [];
  const subscription = await db.listen('moved', ({payload}) => void heard.push(payload), {
    onGap: (gap) => void gaps.push(gap),
  });
  await db.notify('moved', 'before');
  await until(() => heard.length === 1);
  const lastHeard = Date.now();
  await servers.primary.kill();
  await first(servers.replicas).promote();
  await until(() => gaps.length === 1);
  const [gap] = gaps;
  assert.ok(gap !== undefined && gap.since.getTime() <= lastHeard);
  assert.match(gap.reason.message, /replica 1 has taken over from primary/);
  assert.equal(gap.channel, 'moved');
  await db.notify('moved', 'after');
  await until(() => heard.length === 2);
  assert.deepEqual(heard, ['before', 'after']);
  await subscription.close();
  await db.notify('moved', 'closed');
  await db.query(sql`SELECT 1`, {on: 'primary'});
  assert.deepEqual(heard, ['before', 'after']);
  assert.equal(gaps.length, 1);
});
