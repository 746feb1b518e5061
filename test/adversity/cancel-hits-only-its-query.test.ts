/**
 * Promise 9: a cancel request names a session, not a query, so it may arrive when the query is over. Here
 * queries are aborted about when they end, requests are held up on their way, and others run right behind.
 */
import assert from 'node:assert/strict';
import {setTimeout as delay} from 'node:timers/promises';
import {connect} from 'node:net';
import {inspect} from 'node:util';
import createConnectionPool, {TimeoutError, sql} from '@databases/pg';
import type {ConnectionPool, ConnectionPoolConfig, Queryable} from '@databases/pg';
import {useServer} from '../support/server';
import {forbidUnhandledErrors} from '../support/unhandled';
import {randomTest} from './rig/random';
import type {Random} from './rig/random';

const RACES = process.env['ADVERSITY_LONG'] === undefined ? 500 : 10_000;
const WORKERS = 4;
/** Against hanging only: a query of these takes some milliseconds. */
const STUCK_MILLISECONDS = 10_000;

const postgres = useServer({}, async (url) => {
  await using db = createConnectionPool(url);
  await db.query(sql`CREATE TABLE halves (race int, half int)`);
  await db.query(sql`
    CREATE PROCEDURE in_halves(race int) LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO halves VALUES (race, 1);
      COMMIT;
      PERFORM pg_sleep(0.001);
      INSERT INTO halves VALUES (race, 2);
    END $$
  `);
});
forbidUnhandledErrors();

const reason = new Error('aborted');
const isAborted = (error: unknown) => assert.equal(error, reason);
const isTimeout = (error: unknown) => assert.ok(error instanceof TimeoutError, String(error));

/** A pool whose requests to cancel take up to some milliseconds longer, as over a network. */
function poolWithLateCancels(random: Random, options: ConnectionPoolConfig): ConnectionPool {
  let opened = 0;
  return createConnectionPool({
    connectionString: postgres.url,
    ...options,
    async socket({host, port}) {
      const isCancel = ++opened > (options.poolSize ?? 1);
      if (isCancel) await delay(random.between(0, 6));
      return connect(port, host);
    },
  });
}

class Race {
  readonly #random: Random;
  readonly #controller = new AbortController();

  constructor(
    readonly number: number,
    random: Random,
  ) {
    this.#random = random;
  }

  /** A query that is aborted about when it ends. Resolves when its caller was answered. */
  victim(on: Queryable): Promise<unknown> {
    const milliseconds = this.#random.between(0, 4);
    const query = on.query(sql`SELECT pg_sleep(${milliseconds / 1000})`, {
      signal: this.#controller.signal,
    });
    setTimeout(() => this.#controller.abort(reason), milliseconds * this.#random.next());
    return query.catch(isAborted);
  }

  /** One that nobody aborts. @throws Whatever it is hit by. */
  async innocent(on: Queryable, n = this.number): Promise<void> {
    const sleeps = this.#random.pick([0, 0.002, 0.006]);
    assert.deepEqual(await on.query(sql`SELECT ${n}::int AS n FROM pg_sleep(${sleeps})`), [{n}]);
  }
}

type Run = (db: ConnectionPool, race: Race) => Promise<void>;

/** Innocents beside the victim, and right behind it on the connection that it had. */
const onPool: Run = async (db, race) => {
  await Promise.all([race.innocent(db), race.victim(db), race.innocent(db), race.innocent(db)]);
  await race.innocent(db);
};
const onTask: Run = (db, race) =>
  db.task(async (task) => {
    await Promise.all([race.victim(task), race.innocent(task), race.innocent(task)]);
    await race.innocent(task);
  });
/** What is not run again because a part of it may be committed must not be hit at all. */
const onProcedure: Run = (db, race) =>
  db.task(async (task) => {
    await race.victim(task);
    await task.query(sql`CALL in_halves(${race.number})`);
  });
const inOneWrite: Run = (db, race) =>
  db.task(async (task) => {
    await Promise.all([race.victim(task), task.query(sql`CALL in_halves(${race.number})`)]);
  });
/** In a transaction nothing can be run again: it goes on, or it failed with the victim. */
const onTransaction: Run = async (db, race) => {
  let hit: unknown;
  await db
    .tx(async (tx) => {
      await race.victim(tx);
      await race.innocent(tx).catch((error: unknown) => (hit = error));
    })
    .catch((error: unknown) => (hit ??= error));
  if (hit !== undefined) assert.equal(Reflect.get(Object(hit), 'code'), '25P02', inspect(hit));
  await race.innocent(db);
};

const kinds: readonly (readonly [string, Run])[] = [
  ['in a pool', onPool],
  ['in a task', onTask],
  ['in front of a procedure that commits', onProcedure],
  ['in one write with a procedure that commits', inOneWrite],
  ['in a transaction', onTransaction],
];

async function unlessStuck<T>(work: Promise<T>): Promise<T> {
  const done = new AbortController();
  const stuck = delay(STUCK_MILLISECONDS, undefined, {signal: done.signal, ref: true}).then(
    () => assert.fail('stuck'),
    () => undefined,
  );
  try {
    return (await Promise.race([work, stuck])) ?? (await work);
  } finally {
    done.abort();
  }
}

for (const temperature of ['warm', 'cold'] as const) {
  // A cold one costs a connection of its own.
  const races = temperature === 'warm' ? Math.ceil(RACES * 0.8) : Math.ceil(RACES * 0.2);
  randomTest(
    `9. cancel hits only its query: ${temperature} connections`,
    async (random, context) => {
      const pool = () => poolWithLateCancels(random, {poolSize: 1});
      let slowest = 0;
      let next = 0;
      const failures: unknown[] = [];
      const work = async () => {
        let db = pool();
        while (next < races) {
          const race = new Race(next++, random);
          const [kind, run] = kinds[race.number % kinds.length] ?? assert.fail();
          const since = performance.now();
          await unlessStuck(run(db, race)).catch((error: unknown) =>
            failures.push(`${kind}: ${String(error)}`),
          );
          slowest = Math.max(slowest, performance.now() - since);
          if (temperature === 'warm') continue;
          await db.dispose();
          db = pool();
        }
        await db.dispose();
      };
      await Promise.all(Array.from({length: WORKERS}, work));
      context.diagnostic(`${races} races, slowest ${Math.round(slowest)} ms`);
      assert.deepEqual(failures, []);
      await using db = pool();
      const halves = await db.query(
        sql`SELECT race FROM halves GROUP BY race HAVING count(*) <> 2`,
      );
      assert.deepEqual(halves, []);
      await db.query(sql`TRUNCATE halves`);
    },
  );
}

randomTest(
  '9. cancel hits only its query: queries that run out of time between those that do not',
  async (random, context) => {
    await using db = poolWithLateCancels(random, {poolSize: 2, queryTimeoutMilliseconds: 30});
    const quick = () => db.query(sql`SELECT pg_sleep(0.001) AS quick`);
    for (let n = 0; n < 20; n++) await quick().catch(isTimeout);
    const outcomes: Record<string, number> = {};
    const count = (what: string) => (outcomes[what] = (outcomes[what] ?? 0) + 1);
    for (let round = 0; round < RACES / 50; round++) {
      // Quick at first, so that others are put behind it.
      const text = sql.__dangerous__rawValue(`round_${round}`);
      const sleep = (seconds: number) => db.query(sql`SELECT pg_sleep(${seconds}) AS ${text}`);
      for (let n = 0; n < 3; n++) await sleep(0).catch(isTimeout);
      // Settled from the beginning: where the process has no processor they time out before the delay is over.
      const slow = Promise.allSettled([sleep(0.033), sleep(0.033)]);
      await delay(random.between(20, 28));
      const quicks = Promise.allSettled(Array.from({length: 8}, quick));
      const settled = await unlessStuck(Promise.all([slow, quicks]));
      for (const result of settled.flat()) {
        if (result.status === 'fulfilled') count('answered');
        else if (result.reason instanceof TimeoutError) count('timed out');
        else count(String(result.reason));
      }
    }
    context.diagnostic(JSON.stringify(outcomes));
    assert.deepEqual(
      Object.keys(outcomes).filter((what) => !['answered', 'timed out'].includes(what)),
      [],
    );
  },
);
