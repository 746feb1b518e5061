/**
 * Promise 8: nothing runs twice. Rows are inserted while sessions are killed, links are reset and the server
 * restarts; a row is tried again only where the error says that it was not sent. There is no constraint
 * that would hide a second execution.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setTimeout as delay} from 'node:timers/promises';
import createConnectionPool, {PgError, sql} from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';
import {failureOf} from '../support/failure';
import {useServer} from '../support/server';
import {forbidUnhandledErrors} from '../support/unhandled';
import {urlWith} from '../support/url';
import {openChaosProxy} from './rig/chaos-proxy';
import type {ChaosProxy} from './rig/chaos-proxy';
import {randomTest} from './rig/random';
import type {Random} from './rig/random';

const KEYS = process.env['ADVERSITY_LONG'] === undefined ? 1000 : 10_000;
const WORKERS = 16;
/** How many keys there are to a fault, about. */
const KEYS_PER_FAULT = 60;
const NOTHING = Buffer.alloc(0);

const postgres = useServer({}, async (url) => {
  await using db = createConnectionPool(url);
  await db.query(sql`CREATE TABLE keyed (key int, way text)`);
  await db.query(sql`CREATE TABLE second (key int)`);
  await db.query(sql`
    CREATE PROCEDURE insert_key(key int) LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO keyed VALUES (key, 'procedure');
      COMMIT;
      INSERT INTO second VALUES (key);
    END $$
  `);
});
forbidUnhandledErrors();

const ways: Readonly<Record<string, (db: ConnectionPool, key: number) => Promise<unknown>>> = {
  query: (db, key) => db.query(sql`INSERT INTO keyed VALUES (${key}, 'query')`),
  'slow query': (db, key) =>
    db.query(sql`INSERT INTO keyed SELECT ${key}, 'slow query' FROM pg_sleep(0.005)`),
  array: (db, key) =>
    db.query([
      sql`INSERT INTO keyed VALUES (${key}, 'array')`,
      sql`INSERT INTO second VALUES (${key})`,
    ]),
  transaction: (db, key) =>
    db.tx(async (tx) => {
      await tx.query(sql`INSERT INTO keyed VALUES (${key}, 'transaction')`);
      await tx.query(sql`INSERT INTO second VALUES (${key})`);
    }),
  procedure: (db, key) => db.query(sql`CALL insert_key(${key})`),
  'prepared statements are lost': async (db, key) => {
    await db.query(sql`INSERT INTO keyed VALUES (${key}, 'lost')`);
    await db.query(sql`DEALLOCATE ALL`).catch(() => undefined);
  },
};

/** Faults at random, one after the other. */
class Faults {
  readonly counts: Record<string, number> = {};
  readonly #random: Random;
  readonly #proxy: ChaosProxy;
  #losesAnswers = false;

  constructor(random: Random, proxy: ChaosProxy) {
    this.#random = random;
    this.#proxy = proxy;
    proxy.faults = {
      // So that there are answers on their way when a link is reset.
      latencyMilliseconds: 3,
      corrupt: (bytes, direction) =>
        this.#losesAnswers && direction === 'toClient' ? NOTHING : bytes,
    };
  }

  async strike(): Promise<void> {
    const fault = this.#random.pick([
      ...Array<string>(4).fill('terminate'),
      ...Array<string>(4).fill('reset'),
      ...Array<string>(8).fill('lose answers'),
      'kill',
      'immediate restart',
    ]);
    this.counts[fault] = (this.counts[fault] ?? 0) + 1;
    if (fault === 'reset') this.#resetSomeLink();
    else if (fault === 'lose answers') await this.#loseAnswers();
    else if (fault === 'immediate restart') await postgres.server.restart('immediate');
    else if (fault === 'terminate') await this.#someProcess((pid) => this.#terminate(pid));
    else await this.#someProcess((pid) => process.kill(pid, 'SIGKILL'));
  }

  #resetSomeLink(): void {
    const links = [...this.#proxy.links];
    // Behind another fault there may be none yet.
    if (links.length > 0) this.#random.pick(links).reset();
  }

  /** What the server gets meanwhile it carries out. */
  async #loseAnswers(): Promise<void> {
    this.#losesAnswers = true;
    await delay(20);
    this.#proxy.reset();
    this.#losesAnswers = false;
  }

  async #someProcess(end: (processId: number) => unknown): Promise<void> {
    await using admin = createConnectionPool(postgres.url);
    const rows = await admin
      .query(sql`SELECT pid FROM pg_stat_activity WHERE application_name = 'keyed'`)
      .catch(() => []);
    const pids: unknown[] = rows.map(({pid}) => pid);
    if (pids.length > 0) await end(Number(this.#random.pick(pids)));
  }

  async #terminate(pid: number): Promise<void> {
    await using admin = createConnectionPool(postgres.url);
    await admin.query(sql`SELECT pg_terminate_backend(${pid}::int)`).catch(() => undefined);
  }
}

/** Once the server is through its recovery. */
async function answersAgain(db: ConnectionPool): Promise<void> {
  const until = performance.now() + 30_000;
  for (;;) {
    try {
      await db.query(sql`SELECT 1`);
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
      await delay(20);
    }
  }
}

randomTest(
  '8. no hidden re-execution: keyed inserts under random kills',
  async (random, context) => {
    await using proxy = await openChaosProxy(postgres.server);
    const url = urlWith(proxy.through(postgres.url), {
      parameters: {sslmode: 'disable', application_name: 'keyed'},
    });
    await using db = createConnectionPool({
      connectionString: url,
      poolSize: 4,
      onError: () => undefined,
    });
    const faults = new Faults(random, proxy);
    const acknowledged = new Set<number>();
    const retried = new Set<number>();
    const unknown = new Set<number>();
    const unexpected: unknown[] = [];
    let next = 0;
    let striking: Promise<void> | undefined;
    const insert = async (key: number): Promise<void> => {
      const [, run] = random.pick(Object.entries(ways));
      for (;;) {
        try {
          await run(db, key);
          acknowledged.add(key);
          return;
        } catch (error) {
          if (!(error instanceof PgError)) throw error;
          if (error.sent === 'maybe') {
            unknown.add(key);
            return;
          }
          retried.add(key);
          // While the server is down it is refused at once.
          await delay(5);
        }
      }
    };
    const work = async (): Promise<void> => {
      while (next < KEYS) {
        const key = next++;
        if (random.between(1, KEYS_PER_FAULT) === 1 && striking === undefined) {
          striking = faults.strike().finally(() => (striking = undefined));
        }
        await insert(key).catch((error: unknown) => unexpected.push(error));
      }
    };
    await Promise.all(Array.from({length: WORKERS}, work));
    await striking;
    await using observer = createConnectionPool(postgres.url);
    await answersAgain(observer);
    const rows = await observer.query(
      sql`SELECT key, count(*)::int AS count FROM keyed GROUP BY key`,
    );
    const held = new Set<number>(rows.map(({key}) => key));
    const twice = rows.filter(({count}) => count > 1);
    const missing = [...acknowledged].filter((key) => !held.has(key));
    const faultsText = JSON.stringify(faults.counts);
    const unknownHeld = [...unknown].filter((key) => held.has(key)).length;
    context.diagnostic(
      `${KEYS} keys, faults ${faultsText}: ${acknowledged.size} acknowledged, ${retried.size} tried again, ${unknown.size} maybe sent, of which ${unknownHeld} are there`,
    );
    assert.deepEqual(unexpected, []);
    assert.deepEqual(twice, []);
    assert.deepEqual(missing, []);
    assert.equal(acknowledged.size + unknown.size, KEYS);
    assert.ok(unknownHeld > 0, 'no answer was lost');
  },
);

async function sent(run: () => Promise<unknown>): Promise<unknown> {
  const error = await failureOf(run());
  assert.ok(error instanceof PgError);
  return error.sent;
}

test('8. no hidden re-execution: a procedure that failed behind a COMMIT of its own is maybe done', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.query(sql`
    CREATE PROCEDURE half(key int) LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO second VALUES (key);
      COMMIT;
      PERFORM 1 / (key - key);
    END $$
  `);
  assert.equal(await sent(() => db.query(sql`CALL half(-1)`)), 'maybe');
  assert.deepEqual(await db.query(sql`SELECT key FROM second WHERE key < 0`), [{key: -1}]);
  // Not executed at all, or undone with what is around it.
  assert.equal(await sent(() => db.query(sql`CALL no_such_procedure()`)), 'no');
  assert.equal(await sent(() => db.tx((tx) => tx.query(sql`CALL half(-2)`))), 'no');
  assert.equal(await sent(() => db.query(sql`SELECT 1 / 0`)), 'no');
});
