/** Writes under a primary that dies or is cut off: what was sent is never sent again. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {sql} from '@databases/pg';
import type {ConnectionPoolConfig} from '@databases/pg';
import createCluster from '@databases/pg-cluster';
import {roundsOf} from '../support/cluster-rounds';
import {clusterOver, first, sentOf, startServers} from '../support/failover';
import {poolOf, until} from '../support/replicated';
import {forbidUnhandledErrors} from '../support/unhandled';

forbidUnhandledErrors();

void test('invariant 9: no key is stored twice or sent twice, and none that was acknowledged on the new timeline is missing', async () => {
  const rounds = roundsOf(50);
  let keys = 0;
  let unknown = 0;
  for (let round = 0; round < rounds; round++) {
    await using servers = await startServers(1);
    const attempts = new Attempts();
    const pools = [servers.primary, ...servers.replicas].map((server) =>
      poolOf(server, attempts.handlers),
    );
    const [primary, ...replicas] = pools;
    assert.ok(primary);
    await using db = createCluster(primary, replicas);
    await db.query(sql`CREATE TABLE keyed (key text)`);
    const outcomes = new Map<string, 'stored' | 'unknown' | 'refused'>();
    let failovers = 0;
    db.on('failover', () => void failovers++);
    const acknowledgedAfter: string[] = [];
    let phase: 'writing' | 'done' = 'writing';
    const isWriting = () => phase === 'writing';
    const writers = Array.from({length: 8}, async (_, writer) => {
      for (let index = 0; isWriting(); index++) {
        const key = `key ${writer}.${index}`;
        const before = failovers;
        try {
          await db.query(sql`INSERT INTO keyed VALUES (${key})`);
          outcomes.set(key, 'stored');
          if (before > 0) acknowledgedAfter.push(key);
        } catch (error) {
          outcomes.set(key, sentOf(error) === 'maybe' ? 'unknown' : 'refused');
        }
      }
    });
    await until(() => outcomes.size >= 500, 30_000);
    await servers.primary.kill();
    await first(servers.replicas).promote();
    await until(() => acknowledgedAfter.length >= 500, 30_000);
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
    assert.deepEqual(attempts.sentAgain, [], 'sent once more, although it had been sent');
    const refused = [...outcomes].filter(([, outcome]) => outcome === 'refused');
    assert.deepEqual(refused, [], 'what was not sent waits for the new primary');
    assert.equal(failovers, 1);
    keys += outcomes.size;
    unknown += [...outcomes.values()].filter((outcome) => outcome === 'unknown').length;
  }
  console.log(`# ${rounds} kills, ${keys} keys, ${unknown} of them of unknown outcome`);
});

/** Which keys were given to a pool after an attempt at them had been sent and had failed. */
class Attempts {
  readonly sentAgain: string[] = [];
  readonly #sent = new Set<string>();
  readonly handlers: ConnectionPoolConfig = {
    onQueryStart: (_, {values}) => {
      const key = keyOf(values);
      if (key !== undefined && this.#sent.has(key)) this.sentAgain.push(key);
    },
    onQueryError: (_, {values}, error) => {
      const key = keyOf(values);
      if (key !== undefined && sentOf(error) !== 'no') this.#sent.add(key);
    },
  };
}

function keyOf(values: readonly unknown[]): string | undefined {
  const [key] = values;
  return typeof key === 'string' && key.startsWith('key ') ? key : undefined;
}

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
