/** Promise 6. A connection that died while it was idle is found before a query is given to it. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setTimeout as delay} from 'node:timers/promises';
import createConnectionPool, {sql} from '@databases/pg';
import {useServer} from '../support/server';
import {forbidUnhandledErrors} from '../support/unhandled';
import {openChaosProxy} from './rig/chaos-proxy';

const CONNECTIONS = 5;
const postgres = useServer();
forbidUnhandledErrors();

const SIZES = {'that may grow': 10, 'that is full of them': CONNECTIONS};

for (const [kind, poolSize] of Object.entries(SIZES)) {
  for (const order of ['together', 'one after the other'] as const) {
    test(`6. no dead connection handed out: 5 idle half-open in a pool ${kind}, 20 reads ${order}`, async (context) => {
      await using proxy = await openChaosProxy(postgres.server);
      const connectionString = `${proxy.through(postgres.url)}?sslmode=disable`;
      await using db = createConnectionPool({connectionString, poolSize});
      await Promise.all(
        Array.from({length: CONNECTIONS}, () => db.query(sql`SELECT pg_sleep(0.2)`)),
      );
      assert.equal(proxy.links.length, CONNECTIONS);
      proxy.blackhole();
      await delay(1100);
      const start = performance.now();
      const reads = async (count: number) => {
        for (let i = 0; i < count; i++) {
          assert.deepEqual(await db.query(sql`SELECT ${i}::int AS i`), [{i}]);
        }
      };
      if (order === 'together') await Promise.all(Array.from({length: 20}, () => reads(1)));
      else await reads(20);
      const took = performance.now() - start;
      context.diagnostic(`20 of 20 reads in ${Math.round(took)} ms`);
      assert.ok(took < 5000, `${took} ms`);
      for (const link of proxy.links) if (link.phase === 'blackholed') link.reset();
    });
  }
}

test('6. no dead connection handed out: leases are verified as well', async () => {
  await using proxy = await openChaosProxy(postgres.server);
  const connectionString = `${proxy.through(postgres.url)}?sslmode=disable`;
  await using db = createConnectionPool({connectionString, poolSize: 2});
  await db.query(sql`SELECT 1`);
  proxy.blackhole();
  await delay(1100);
  assert.deepEqual(await db.tx((tx) => tx.query(sql`SELECT 1 AS one`)), [{one: 1}]);
});

test('6. no dead connection handed out: one that was used just now is not asked', async () => {
  await using proxy = await openChaosProxy(postgres.server);
  const connectionString = `${proxy.through(postgres.url)}?sslmode=disable`;
  await using db = createConnectionPool({connectionString, poolSize: 1});
  const query = () => db.query(sql`SELECT 1`);
  for (let i = 0; i < 4; i++) await query();
  const bytesOf = async () => {
    const before = proxy.links[0]?.received.toServer ?? 0;
    await query();
    return (proxy.links[0]?.received.toServer ?? 0) - before;
  };
  const fresh = await bytesOf();
  assert.equal(await bytesOf(), fresh);
  await delay(1100);
  // A Sync is five bytes, and nothing else is added.
  assert.equal(await bytesOf(), fresh + 5);
  assert.equal(await bytesOf(), fresh);
});

test('6. no dead connection handed out: the clock of a process that was frozen', async (context) => {
  await using proxy = await openChaosProxy(postgres.server);
  const connectionString = `${proxy.through(postgres.url)}?sslmode=disable`;
  await using db = createConnectionPool({connectionString, poolSize: 2});
  await db.query(sql`SELECT 1`);
  proxy.blackhole();
  // The machine slept: the monotonic clock stood still and the time of day did not.
  const now = Date.now.bind(Date);
  context.mock.method(Date, 'now', () => now() + 60_000);
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});
