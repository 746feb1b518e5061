/**
 * Promise 21: an outage does not become a storm, and a pool does not renew itself all at once.
 *
 * Attempts are counted where the client makes them: what a closed port refuses, no proxy sees.
 */
import assert from 'node:assert/strict';
import {connect} from 'node:net';
import {test} from 'node:test';
import {setTimeout as delay} from 'node:timers/promises';
import createConnectionPool, {sql} from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';
import {eventually} from '../support/activity';
import {useServer} from '../support/server';
import {forbidUnhandledErrors} from '../support/unhandled';
import {openChaosProxy} from './rig/chaos-proxy';
import type {ChaosProxy} from './rig/chaos-proxy';
import {work} from './rig/workers';

const postgres = useServer();
forbidUnhandledErrors();

interface Attempt {
  /** Undefined: still open. */
  endedAt: number | undefined;
}

interface Rig {
  readonly db: ConnectionPool;
  /** In the order in which the client made them. */
  readonly attempts: readonly Attempt[];
  /** How many of them became connections of the pool. */
  readonly opened: () => number;
}

function through(
  {host, port}: ChaosProxy,
  options: {readonly poolSize: number; readonly maxLifetimeMilliseconds?: number},
): Rig {
  const attempts: Attempt[] = [];
  let connections = 0;
  const db = createConnectionPool({
    ...options,
    connectionString: postgres.url,
    ssl: false,
    onError: () => undefined,
    onConnectionOpened: () => void connections++,
    socket: () => {
      const attempt: Attempt = {endedAt: undefined};
      attempts.push(attempt);
      return connect(port, host).on('close', () => (attempt.endedAt = performance.now()));
    },
  });
  return {db, attempts, opened: () => connections};
}

type Storm = (proxy: ChaosProxy, loginBytes: number) => Promise<void> | void;

/** Less than any answer to a query has. */
const PART_OF_ANSWER_BYTES = 10;

const STORMS: Readonly<Record<string, Storm>> = {
  FIN: (proxy) => {
    proxy.admission = 'close';
    proxy.close();
  },
  RST: (proxy) => {
    proxy.admission = 'reset';
    proxy.reset();
  },
  refuse: async (proxy) => {
    proxy.reset();
    await proxy.refuse();
  },
  // Every connection is let in, and lost with its first answer.
  'RST after login': (proxy, loginBytes) => {
    proxy.faults = {cut: {direction: 'toClient', afterBytes: loginBytes, by: 'reset'}};
    proxy.reset();
  },
};

const STORM_SECONDS = 3;
const MOST_PER_SECOND = 10;

for (const [name, begin] of Object.entries(STORMS)) {
  test(`21. storm control: ${STORM_SECONDS} s of ${name}`, async (context) => {
    await using proxy = await openChaosProxy(postgres.server);
    const {db, attempts, opened} = through(proxy, {poolSize: 8});
    await using _ = db;
    await db.query(sql`SELECT 1`);
    const [link = assert.fail('no link')] = proxy.links;
    const loginBytes = link.received.toClient - PART_OF_ANSWER_BYTES;
    const working = work(db, 25);
    await delay(100);
    const before = {attempts: attempts.length, admitted: proxy.attempts, opened: opened()};
    await begin(proxy, loginBytes);
    await delay(1000 * STORM_SECONDS);
    const perSecond = (attempts.length - before.attempts) / STORM_SECONDS;
    const admitted = proxy.attempts - before.admitted;
    const lasted = opened() - before.opened;
    proxy.faults = {};
    await proxy.heal();
    const healed = performance.now();
    for (;;) {
      try {
        await db.query(sql`SELECT 1`);
        break;
      } catch {
        await delay(5);
      }
    }
    const took = performance.now() - healed;
    await working.stop();
    context.diagnostic(
      `${perSecond.toFixed(1)} attempts/s, recovered ${Math.round(took)} ms after`,
    );
    assert.ok(perSecond > 0, 'nobody tried');
    assert.ok(perSecond <= MOST_PER_SECOND, `${perSecond} attempts per second`);
    // That the storm was one of its kind.
    assert.equal(admitted > 0, name !== 'refuse');
    if (name === 'RST after login') assert.ok(lasted > 2, `${lasted} logins`);
    assert.ok(took < 3000, `${took} ms`);
  });
}

const LIFETIME_MILLISECONDS = 6000;
const TOGETHER_MILLISECONDS = LIFETIME_MILLISECONDS / 100;

test('21. storm control: connections opened together are not replaced together', async (context) => {
  await using proxy = await openChaosProxy(postgres.server);
  const {db, attempts} = through(proxy, {
    poolSize: 10,
    maxLifetimeMilliseconds: LIFETIME_MILLISECONDS,
  });
  await using _ = db;
  await Promise.all(Array.from({length: 10}, () => db.query(sql`SELECT pg_sleep(0.2)`)));
  assert.equal(attempts.length, 10);
  const generation = attempts.slice();
  const working = work(db, 10);
  await eventually('all ten are replaced', () => generation.every(({endedAt}) => endedAt));
  await working.stop();
  const ends = generation.map(({endedAt = 0}) => endedAt).sort((a, b) => a - b);
  const together = ends.map(
    (end) => ends.filter((other) => other >= end && other - end < TOGETHER_MILLISECONDS).length,
  );
  const [first = 0, last = 0] = [ends[0], ends.at(-1)];
  context.diagnostic(
    `replaced over ${Math.round(last - first)} ms, at most ${Math.max(...together)} of 10 within ${TOGETHER_MILLISECONDS} ms`,
  );
  assert.ok(Math.max(...together) <= 2, ends.map((end) => Math.round(end - first)).join());
});
