/** Promise 25: a subscription whose connection goes dark again and again loses nothing without saying so. */
import assert from 'node:assert/strict';
import {monitorEventLoopDelay} from 'node:perf_hooks';
import {test} from 'node:test';
import createConnectionPool from '@databases/pg';
import {eventually} from '../support/activity';
import {received} from '../support/received';
import {useServer} from '../support/server';
import {forbidUnhandledErrors} from '../support/unhandled';
import {urlWith} from '../support/url';
import {openChaosProxy} from './rig/chaos-proxy';

const postgres = useServer();
forbidUnhandledErrors();

const HEARTBEAT_MILLISECONDS = 400;
/** A timer fires when its turn comes: the question's, and two of the wait for its answer. */
const TIMERS = 3;
const OUTAGES = 4;
const BETWEEN = 50;

test('25. LISTEN: half-open connections are found, told as gaps, and nothing is lost behind a gap', async (context) => {
  await using proxy = await openChaosProxy(postgres.server);
  await using sender = createConnectionPool(postgres.url);
  let foundAt = 0;
  await using db = createConnectionPool({
    connectionString: urlWith(postgres.url, {port: proxy.port, parameters: {sslmode: 'disable'}}),
    listenHeartbeatMilliseconds: HEARTBEAT_MILLISECONDS,
    onError: () => (foundAt = performance.now()),
  });
  const told = received<string>();
  await db.listen('news', ({payload}) => told.take(payload), {onGap: () => told.take('gap')});
  const answered = () => proxy.links.at(-1)?.received.toClient ?? 0;
  const delays = monitorEventLoopDelay({resolution: 1});
  delays.enable();
  let sent = 0;
  let found = 0;
  let mended = 0;
  const expected: string[] = [];
  for (let outage = 0; outage < OUTAGES; outage++) {
    for (let i = 0; i < BETWEEN; i++) {
      expected.push(String(sent));
      await sender.notify('news', String(sent++));
    }
    await told.until(expected.length);
    // The worst moment: right after an answer.
    const before = answered();
    await eventually('a heartbeat is answered', () => answered() > before);
    proxy.blackhole();
    const darkAt = performance.now();
    // What is notified now is gone, and the gap says so.
    for (let i = 0; i < 5; i++) await sender.notify('news', String(sent++));
    expected.push('gap');
    await told.until(expected.length);
    found = Math.max(found, foundAt - darkAt);
    mended = Math.max(mended, performance.now() - foundAt);
    // At once: who is told of the gap listens again by then.
    for (let i = 0; i < BETWEEN; i++) {
      expected.push(String(sent));
      await sender.notify('news', String(sent++));
    }
  }
  assert.deepEqual(await told.until(expected.length), expected);
  delays.disable();
  const late = delays.max / 1e6;
  context.diagnostic(
    `found within ${(found / HEARTBEAT_MILLISECONDS).toFixed(3)} heartbeats, where timers were up to ${late.toFixed(1)} ms late; mended ${Math.round(mended)} ms later`,
  );
  assert.ok(found > 0 && found <= 2 * HEARTBEAT_MILLISECONDS + TIMERS * late, `${found} ms`);
});
