/** Faults of the network and of sessions, with a real server. */
import {setTimeout as delay} from 'node:timers/promises';
import {openChaosProxy} from '../rig/chaos-proxy';
import type {Fault, FaultClient, Opened, Outcome, Place} from './fault';
import {describe, isOk, nameOf, tally, within} from './outcome';

const NOTHING = Buffer.alloc(0);

const seconds = (start: number): string => `${((performance.now() - start) / 1000).toFixed(1)} s`;

async function terminate(client: FaultClient, {url}: Place, processId: unknown): Promise<void> {
  const admin = client.open({url, max: 1});
  await admin.query('SELECT pg_terminate_backend($1::int)', [processId]);
  await admin.end();
}

async function processIdOf(query: Opened['query']): Promise<unknown> {
  const [row] = await query('SELECT pg_backend_pid() AS pid');
  return row?.['pid'];
}

/** The process is still there a moment later, and the pool answers. */
async function assertAlive(db: Opened, before: string): Promise<Outcome> {
  await delay(300);
  const next = await within(5000, db.query('SELECT 1 AS one'));
  return {kept: isOk(next), figure: `${before}process alive, next query ${describe(next)}`};
}

export const NETWORK_FAULTS: readonly Fault[] = [
  {
    name: 'half-open',
    promise: 1,
    title: 'The network goes dark with 2 queries in flight; 10 more are asked',
    boundSeconds: 50,
    async run(client, place) {
      const proxy = await openChaosProxy(place);
      const db = client.open({url: proxy.through(place.url), max: 2});
      const warm = await Promise.all([db.query('SELECT 1'), db.query('SELECT 1')]);
      const inFlight = warm.map(() => within(30_000, db.query('SELECT pg_sleep(0.3)')));
      await delay(100);
      proxy.blackhole();
      const start = performance.now();
      const later = Array.from({length: 10}, () => within(30_000, db.query('SELECT 1')));
      const all = await Promise.all([...inFlight, ...later]);
      return {
        kept: all.every((settled) => settled !== 'pending'),
        figure: `${tally(all)} after ${seconds(start)}`,
      };
    },
  },
  {
    name: 'idle-half-open',
    promise: 6,
    title: '5 idle connections go dark; then 20 queries',
    boundSeconds: 25,
    async run(client, place) {
      const proxy = await openChaosProxy(place);
      const db = client.open({url: proxy.through(place.url), max: 5});
      await Promise.all(Array.from({length: 5}, () => db.query('SELECT pg_sleep(0.1)')));
      proxy.blackhole();
      // What was used a moment ago is taken for alive by all pools.
      await delay(1500);
      const start = performance.now();
      const all = await Promise.all(
        Array.from({length: 20}, () => within(10_000, db.query('SELECT 1'))),
      );
      return {kept: all.every(isOk), figure: `${tally(all)} after ${seconds(start)}`};
    },
  },
  {
    name: 'terminate-idle',
    promise: 2,
    title: 'The server ends an idle session; no listener',
    boundSeconds: 10,
    async run(client, place) {
      const db = client.open({url: place.url, max: 1});
      await terminate(client, place, await processIdOf(db.query));
      return assertAlive(db, '');
    },
  },
  {
    name: 'terminate-transaction',
    promise: 2,
    title: 'The server ends a session in a transaction; no listener',
    boundSeconds: 10,
    async run(client, place) {
      const db = client.open({url: place.url, max: 1});
      const transaction = await within(
        5000,
        db.tx(async (query) => {
          await terminate(client, place, await processIdOf(query));
          await delay(200);
          await query('SELECT 1');
        }),
      );
      return assertAlive(db, `transaction ${describe(transaction)}, `);
    },
  },
  {
    name: 'reset-8',
    promise: 5,
    title: '8 connections are reset under 20 workers; the server is well',
    boundSeconds: 40,
    async run(client, place) {
      const proxy = await openChaosProxy(place);
      const db = client.open({url: proxy.through(place.url), max: 8});
      const failed: unknown[] = [];
      let slowest = 0;
      const stop = new AbortController();
      const work = async (): Promise<void> => {
        while (!stop.signal.aborted) {
          const start = performance.now();
          const settled = await within(25_000, db.query('SELECT pg_sleep(0.005)'));
          slowest = Math.max(slowest, performance.now() - start);
          if (!isOk(settled)) failed.push(settled);
        }
      };
      const workers = Array.from({length: 20}, work);
      await delay(300);
      slowest = 0;
      proxy.reset();
      await delay(1000);
      stop.abort();
      await Promise.all(workers);
      return {
        kept: slowest < 2000,
        figure: `slowest caller ${slowest < 25_000 ? `${Math.round(slowest)} ms` : 'beyond 25 s'}, ${failed.length} errors`,
      };
    },
  },
  {
    name: 'commit-reply-lost',
    promise: 7,
    title: 'The answer to COMMIT is lost; the server committed',
    boundSeconds: 10,
    async run(client, place) {
      const proxy = await openChaosProxy(place);
      let phase: 'before' | 'committing' | 'lost' = 'before';
      proxy.faults = {
        corrupt(bytes, direction) {
          if (phase === 'lost') return NOTHING;
          if (phase === 'committing' && direction === 'toClient') {
            phase = 'lost';
            proxy.reset();
            return NOTHING;
          }
          if (direction === 'toServer' && /commit/i.test(bytes.toString('latin1'))) {
            phase = 'committing';
          }
          return bytes;
        },
      };
      const db = client.open({url: proxy.through(place.url), max: 1});
      await db.query('CREATE TABLE written (n INT)');
      const settled = await within(
        5000,
        db.tx(async (query) => {
          await query('INSERT INTO written VALUES (1)');
          // So that COMMIT comes in a write of its own.
          await delay(50);
        }),
      );
      return {
        kept: /UNKNOWN/.test(describe(settled)),
        figure: describe(settled),
      };
    },
  },
  {
    name: 'first-host-dark',
    promise: 20,
    title: 'Two hosts, the first does not answer (connect timeout 2 s)',
    boundSeconds: 30,
    async run(client, place) {
      const proxy = await openChaosProxy(place);
      proxy.admission = 'blackhole';
      const url = place.url.replace(
        /@[^/]+\//,
        `@${proxy.host}:${proxy.port},${place.host}:${place.port}/`,
      );
      const start = performance.now();
      try {
        const db = client.open({url, max: 1, connectTimeoutSeconds: 2});
        const first = await within(12_000, db.query('SELECT 1'));
        return {kept: isOk(first), figure: `${describe(first)} after ${seconds(start)}`};
      } catch (error) {
        return {kept: false, figure: `refused: ${nameOf(error)}`};
      }
    },
  },
  {
    name: 'listen-half-open',
    promise: 25,
    title: 'The connection that listens goes dark (heartbeat of ours: 2 s)',
    boundSeconds: 30,
    async run(client, place) {
      const proxy = await openChaosProxy(place);
      const db = client.open({url: proxy.through(place.url), max: 2});
      let [heard, told] = [0, 'no gap told'];
      let start = 0;
      await db.listen(
        'news',
        () => heard++,
        () => (told = `gap told after ${seconds(start)}`),
      );
      const admin = client.open({url: place.url, max: 1});
      await admin.query("NOTIFY news, 'before'");
      await delay(300);
      const before = heard;
      proxy.blackhole();
      start = performance.now();
      await delay(10_000);
      for (let count = 0; count < 5; count++) await admin.query("NOTIFY news, 'after'");
      await delay(1000);
      return {
        kept: before === 1 && heard - before > 0 && told !== 'no gap told',
        figure: `${told}, ${heard - before} of 5 heard 10 s later`,
      };
    },
  },
];
