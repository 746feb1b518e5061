/**
 * A primary that dies under writes: which node takes over, what becomes of what was sent, and what is never done.
 * Each test has servers of its own. CLUSTER_ROUNDS makes them longer.
 */
import assert from 'node:assert/strict';
import {channel} from 'node:diagnostics_channel';
import {test} from 'node:test';
import {PgError, sql} from '@databases/pg';
import type {NotificationGap} from '@databases/pg';
import createCluster from '@databases/pg-cluster';
import type {Cluster} from '@databases/pg-cluster';
import {startCluster} from '@databases/pg-test';
import type {Cluster as Servers, Server} from '@databases/pg-test';
import {poolOf, until} from '../support/replicated';
import {postgresVersion} from '../support/server';
import {forbidUnhandledErrors} from '../support/unhandled';

forbidUnhandledErrors();
const rounds = Number(process.env['CLUSTER_ROUNDS'] ?? '2');

async function startServers(replicas: number): Promise<Servers> {
  return startCluster({version: String(postgresVersion), replicas});
}

function clusterOver(servers: Servers, options = {}): Cluster {
  const [primary, ...replicas] = [servers.primary, ...servers.replicas].map((each) => poolOf(each));
  assert.ok(primary);
  return createCluster(primary, replicas, options);
}

function first<T>(items: readonly T[]): T {
  const [item] = items;
  assert.ok(item);
  return item;
}

function sentOf(error: unknown): string {
  assert.ok(error instanceof PgError, String(error));
  return error.sent;
}

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

void test('invariant 9: no key is stored twice, and none that was acknowledged on the new timeline is missing', async () => {
  for (let round = 0; round < rounds; round++) {
    await using servers = await startServers(1);
    await using db = clusterOver(servers);
    await db.query(sql`CREATE TABLE keyed (key int, try int)`);
    const outcomes = new Map<number, 'stored' | 'unknown' | 'refused'>();
    const failovers: number[] = [];
    db.on('failover', () => void failovers.push(outcomes.size));
    const acknowledgedAfter: number[] = [];
    let next = 0;
    let phase: 'writing' | 'done' = 'writing';
    const writers = Array.from({length: 8}, async () => {
      while (isWriting()) {
        const key = next++;
        try {
          await db.query(sql`INSERT INTO keyed VALUES (${key}, 1)`);
          outcomes.set(key, 'stored');
          if (failovers.length > 0) acknowledgedAfter.push(key);
        } catch (error) {
          outcomes.set(key, sentOf(error) === 'maybe' ? 'unknown' : 'refused');
        }
      }
    });
    function isWriting(): boolean {
      return phase === 'writing';
    }
    await until(() => outcomes.size > 300);
    await servers.primary.kill();
    const promoted = first(servers.replicas);
    await promoted.promote();
    await until(() => acknowledgedAfter.length > 300);
    phase = 'done';
    await Promise.all(writers);
    const rows = await db.query(sql`SELECT key, count(*)::int AS count FROM keyed GROUP BY key`, {
      on: 'primary',
    });
    assert.deepEqual(
      rows.filter(({count}) => count > 1),
      [],
    );
    const stored = new Set(rows.map(({key}) => key));
    assert.deepEqual(
      acknowledgedAfter.filter((key) => !stored.has(key)),
      [],
    );
    const refused = [...outcomes].filter(([, outcome]) => outcome === 'refused');
    assert.deepEqual(refused, [], 'what was not sent waits for the new primary');
    assert.equal(failovers.length, 1);
  }
});

void test('invariant 9: what was sent and not answered is not sent again, and says so', async () => {
  await using servers = await startServers(1);
  await using db = clusterOver(servers);
  await db.query(sql`CREATE TABLE once (id int)`);
  const write = db.query(sql`INSERT INTO once SELECT 1 FROM pg_sleep(0.3)`).catch(sentOf);
  const rowsOf = async (text: string) => {
    await using direct = poolOf(servers.primary, {poolSize: 1});
    const [row] = await direct.query(sql.__dangerous__rawValue(text));
    return Number(row.count);
  };
  await until(
    async () =>
      (await rowsOf(
        `SELECT count(*)::int FROM pg_stat_activity WHERE query LIKE 'INSERT INTO once%' AND state = 'active'`,
      )) === 1,
  );
  db.primary.disconnect('the test does');
  assert.equal(await write, 'maybe');
  await until(async () => (await rowsOf('SELECT count(*)::int FROM once')) > 0);
  await db.query(sql`INSERT INTO once VALUES (2)`);
  assert.equal(await rowsOf('SELECT count(*)::int FROM once WHERE id = 1'), 1);
});

void test('invariant 12: writes go on within 500 ms of the new primary being writable', async () => {
  await using servers = await startServers(2);
  await using db = clusterOver(servers);
  await db.query(sql`CREATE TABLE quick (id int)`);
  await servers.catchUp();
  await servers.primary.kill();
  const [promoted, other] = servers.replicas;
  assert.ok(promoted && other);
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
  console.log(`# first write ${(wrote - writable).toFixed(0)} ms after writable`);
  assert.ok(wrote - writable < 500, `${wrote - writable} ms`);
  // Reads went on meanwhile, and the other replica follows.
  await other.follow(promoted);
  await until(() => db.nodes().filter(({phase}) => phase === 'serving').length === 2);
});

void test('invariant 4: a token of a timeline that was lost is never compared by its number', async () => {
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
  await db.query(sql`INSERT INTO generation VALUES (1)`);
  const token = await db.token();
  await servers.primary.kill();
  await promoted.promote();
  await other.follow(promoted);
  await using direct = poolOf(promoted);
  await direct.query(sql`INSERT INTO generation SELECT generate_series(2, 20000)`);
  await until(() => db.nodes().filter(({phase}) => phase === 'serving').length === 2);
  await until(async () => (await db.explain(sql`SELECT * FROM generation`)).target === 'replica');
  await db.session({after: token}, async () => {
    for (let index = 0; index < 20; index++) {
      const [row] = await db.query(sql`SELECT count(*)::int AS count FROM generation`);
      assert.equal(row.count, 19_999);
    }
  });
  assert.deepEqual(lost, [token]);
});

void test('invariant 11: a primary of the past that is started again gets no writes and no reads', async () => {
  await using servers = await startServers(1);
  await using db = clusterOver(servers);
  const split: (readonly string[])[] = [];
  db.on('splitBrain', ({nodes}) => void split.push(nodes));
  await db.query(sql`CREATE TABLE past (id int)`);
  await servers.catchUp();
  await servers.primary.kill();
  await first(servers.replicas).promote();
  await until(() => db.nodes()[1]?.role === 'primary');
  await servers.primary.restart('crash');
  const startedAt = performance.now();
  await until(() => split.length > 0);
  console.log(
    `# split brain told ${(performance.now() - startedAt).toFixed(0)} ms after the start`,
  );
  for (let id = 1; id < 30; id++) {
    await db.query(sql`INSERT INTO past VALUES (${id})`);
    const rows = await db.query(sql`SELECT id FROM past WHERE id = ${id}`);
    assert.equal(rows.length, 1);
  }
  await using old = poolOf(servers.primary);
  assert.deepEqual(await old.query(sql`SELECT * FROM past`), []);
  assert.deepEqual(split, [['replica 1', 'primary']]);
  assert.equal(db.nodes()[0]?.role, 'unknown');
});

void test('invariant 10: what a replaced primary acknowledges is not taken for done', async () => {
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
  await using servers = await startServers(1);
  const db = clusterOver(servers);
  await db.query(sql`SELECT 1`);
  await servers.primary.kill();
  const waiting = db.query(sql`CREATE TABLE never (id int)`).catch((error: unknown) => error);
  await until(() => db.nodes()[0]?.phase === 'ejected');
  const disposed = db.dispose();
  const start = performance.now();
  await disposed;
  assert.ok((await waiting) instanceof PgError);
  assert.ok(performance.now() - start < 1000, 'it does not wait for a primary any more');
  console.log(`# disposed in ${(performance.now() - start).toFixed(0)} ms`);
});

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
