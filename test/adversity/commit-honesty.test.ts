/**
 * Promise 7: what tx() says of a transaction is what the database holds, wherever around its COMMIT the
 * connection breaks. The link is cut behind every byte, in both directions, from the last statement on.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {PgError, sql} from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';
import {eventually} from '../support/activity';
import {failureOf} from '../support/failure';
import {useServer} from '../support/server';
import {forbidUnhandledErrors} from '../support/unhandled';
import {urlWith} from '../support/url';
import {openChaosProxy} from './rig/chaos-proxy';
import type {ChaosProxy} from './rig/chaos-proxy';
import type {Direction} from './rig/chaos-link';
import {randomTest} from './rig/random';

const isLong = process.env['ADVERSITY_LONG'] !== undefined;
const CUTS = isLong ? 1000 : 1;
/** COMMIT and its answer are the last of what is sent; of what is in front, a slice has every fifth byte. */
const LAST_BYTES = 50;
const STRIDE = isLong ? 1 : 5;
const APPLICATION = 'commit honesty';

const postgres = useServer({}, async (url) => {
  await using db = createConnectionPool(url);
  await db.query(sql`CREATE TABLE kept (key int)`);
  await db.query(sql`CREATE TABLE checked (key int UNIQUE DEFERRABLE INITIALLY DEFERRED)`);
});
forbidUnhandledErrors();

interface Attempt {
  readonly key: number;
  readonly outcome: 'committed' | 'unknown' | 'not committed';
  readonly error: unknown;
}

/** Keys are of one length, so that every attempt sends the same number of bytes. */
let lastKey = 100_000;

type Transact = (db: ConnectionPool, key: number, atEnd: () => void) => Promise<unknown>;
const programs: Readonly<Record<string, Transact>> = {
  'tx()': (db, key, atEnd) =>
    db.tx(async (tx) => {
      await tx.query(sql`INSERT INTO kept VALUES (${key})`);
      atEnd();
    }),
  'an array of queries': async (db, key, atEnd) => {
    await db.query(sql`SELECT 1`);
    atEnd();
    await db.query([
      sql`INSERT INTO kept VALUES (${key})`,
      sql`SELECT count(*) FROM kept WHERE key = ${key}`,
    ]);
  },
};

async function attempt(
  proxy: ChaosProxy,
  transact: Transact,
  atEnd: () => void = () => undefined,
): Promise<Attempt> {
  const key = ++lastKey;
  const parameters = {sslmode: 'disable', application_name: APPLICATION};
  const url = urlWith(proxy.through(postgres.url), {parameters});
  await using db = createConnectionPool({connectionString: url, poolSize: 1});
  try {
    await transact(db, key, atEnd);
    return {key, outcome: 'committed', error: undefined};
  } catch (error) {
    assert.ok(error instanceof PgError, String(error));
    if (error.code !== 'PG_COMMIT_OUTCOME_UNKNOWN') return {key, outcome: 'not committed', error};
    assert.equal(error.sent, 'maybe');
    return {key, outcome: 'unknown', error};
  }
}

/** How many bytes go each way until the COMMIT is asked for, and until it is answered. */
async function measure(proxy: ChaosProxy, transact: Transact) {
  proxy.faults = {};
  const bytes = (): Record<Direction, number> => {
    const [link] = proxy.links;
    assert.ok(link);
    return {...link.received};
  };
  let before: Record<Direction, number> | undefined;
  let after: Record<Direction, number> | undefined;
  await attempt(proxy, async (db, key) => {
    await transact(db, key, () => (before = bytes()));
    after = bytes();
  });
  assert.ok(before !== undefined && after !== undefined);
  return {before, after};
}

for (const [what, transact] of Object.entries(programs)) {
  randomTest(`7. COMMIT honesty: ${what}, cut behind every byte`, async (random, context) => {
    await using proxy = await openChaosProxy(postgres.server);
    await using observer = createConnectionPool(postgres.url);
    const {before, after} = await measure(proxy, transact);
    const cuts: {direction: Direction; afterBytes: number}[] = [];
    do {
      for (const direction of ['toServer', 'toClient'] as const) {
        const end = after[direction] + 1;
        for (let at = before[direction] - 2; at <= end; at++) {
          if (end - at < LAST_BYTES || at % STRIDE === 0) cuts.push({direction, afterBytes: at});
        }
      }
    } while (cuts.length < CUTS);
    const attempts: Attempt[] = [];
    for (const cut of cuts) {
      proxy.faults = {cut: {...cut, by: random.pick(['reset', 'close'])}};
      attempts.push(await attempt(proxy, transact));
    }
    // What was on its way to the server may be carried out after the client has heard of the end.
    await eventually('all sessions are over', async () => {
      const [row] = await observer.query(
        sql`SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = ${APPLICATION}`,
      );
      return row.n === 0;
    });
    const rows = await observer.query(sql`SELECT key FROM kept`);
    const held = new Set(rows.map(({key}) => key));
    const seen = {committed: 0, 'not committed': 0, 'unknown, held': 0, 'unknown, not held': 0};
    const misclassified: Attempt[] = [];
    for (const one of attempts) {
      const isHeld = held.has(one.key);
      if (one.outcome === 'unknown') seen[isHeld ? 'unknown, held' : 'unknown, not held']++;
      else if (isHeld === (one.outcome === 'committed')) seen[one.outcome]++;
      else misclassified.push(one);
    }
    context.diagnostic(`${cuts.length} cuts: ${JSON.stringify(seen)}`);
    assert.deepEqual(misclassified, []);
    // All of these happen, or the cuts were not where they should be.
    for (const [kind, count] of Object.entries(seen)) {
      if (kind !== 'not committed' || what === 'tx()') assert.ok(count > 0, `never ${kind}`);
    }
  });
}

test('7. COMMIT honesty: a COMMIT that Postgres answers with ROLLBACK, or with an error, rejects', async () => {
  await using db = createConnectionPool(postgres.url);
  const swallowed = await failureOf(
    db.tx(async (tx) => {
      await tx.query(sql`INSERT INTO checked VALUES (1)`);
      await tx.query(sql`SELECT 1 / 0`).catch(() => undefined);
    }),
  );
  assert.equal(swallowed.code, 'PG_TRANSACTION_ROLLED_BACK');
  const deferred = await failureOf(
    db.tx(async (tx) => {
      await tx.query(sql`INSERT INTO checked VALUES (1), (1)`);
    }),
  );
  assert.equal(deferred.code, '23505');
  const together = await failureOf(
    db.query([sql`INSERT INTO checked VALUES (2)`, sql`INSERT INTO checked VALUES (2)`]),
  );
  assert.equal(together.code, '23505');
  assert.deepEqual(await db.query(sql`SELECT * FROM checked`), []);
});
