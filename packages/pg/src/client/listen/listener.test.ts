/** What the server says of the session counts, and not what was asked of it: with a server that can lie. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ConnectionError, DatabaseError} from '../../errors';
import {FakeClock} from '../../pool/pool-fakes.test.support';
import type {BackendScript, ScriptedReply} from '../../protocol/testing';
import {scriptedPool} from '../scripted-pool.test.support';
import {Listener} from './listener';
import type {NotificationGap} from './notification';

const PROCESS_ID = 7;

function listening(...channels: readonly string[]): ScriptedReply {
  return {
    columns: ['pg_backend_pid', 'to_json'],
    rows: [[String(PROCESS_ID), JSON.stringify(channels)]],
  };
}

const REFUSED: ScriptedReply = {
  error: {code: '25006', message: 'cannot execute LISTEN during recovery'},
};

/** @param state The answer to the n-th question, counted from 1 over all sessions. */
function script(state: (question: number) => ScriptedReply): BackendScript {
  let questions = 0;
  return {
    processId: PROCESS_ID,
    query(text) {
      if (text.includes('pg_listening_channels')) return state(++questions);
      return {commandTag: text.split(' ', 1)[0] ?? ''};
    },
  };
}

const quiet = {onError: () => undefined, listenHeartbeatMilliseconds: 20};

test('a session that stopped listening is found by the next heartbeat and replaced', async (t) => {
  const {db, texts} = await scriptedPool(
    t,
    script((question) => (question === 3 ? listening() : listening('a'))),
    quiet,
  );
  const gap = await new Promise<NotificationGap>((resolve, reject) => {
    db.listen('a', () => undefined, {onGap: resolve}).catch(reject);
  });
  assert.match(gap.reason.message, /does not listen to "a" any more; is there a pooler in between/);
  assert.equal(texts().filter((text) => text === 'LISTEN "a"').length, 2);
});

test('LISTEN that succeeds without effect does not resolve', async (t) => {
  const {db} = await scriptedPool(
    t,
    script((question) => (question < 3 ? listening() : listening('a'))),
    quiet,
  );
  const subscription = await db.listen('a', () => undefined);
  assert.equal(subscription.channel, 'a');
});

test('an answer that was on its way when a channel was left and asked for again is not about it', async (t) => {
  const state = script(() => listening('a', 'b', 'c'));
  let listens = 0;
  const {db, texts} = await scriptedPool(
    t,
    {
      ...state,
      query: (text, parameters) =>
        text === 'LISTEN "b"' && ++listens === 2 ? REFUSED : state.query(text, parameters),
    },
    {...quiet, listenHeartbeatMilliseconds: 0},
  );
  await db.listen('a', () => undefined);
  const left = await db.listen('b', () => undefined);
  const other = db.listen('c', () => undefined);
  // The question about c is written, and not answered.
  await Promise.resolve().then(() => undefined);
  const [, again] = await Promise.allSettled([left.close(), db.listen('b', () => undefined)]);
  await other;
  assert.deepEqual(
    texts()
      .slice(4, 9)
      .map((text) => text.replace(/^SELECT.*/, '?')),
    ['LISTEN "c"', '?', 'UNLISTEN "b"', 'LISTEN "b"', '?'],
  );
  assert.ok(again.status === 'rejected' && again.reason.code === '25006');
});

test('LISTEN and the question behind it are of all channels of a turn at once', async (t) => {
  const {db, texts} = await scriptedPool(
    t,
    script(() => listening('a', 'b', 'c')),
    {...quiet, listenHeartbeatMilliseconds: 0},
  );
  await Promise.all(['a', 'b', 'c', 'a'].map((name) => db.listen(name, () => undefined)));
  const sent = texts().map((text) => text.replace(/^SELECT.*/, '?'));
  assert.deepEqual(sent, ['LISTEN "a"', 'LISTEN "b"', 'LISTEN "c"', '?']);
});

test('LISTEN that is refused fails its call and leaves the others alone', async (t) => {
  const {db} = await scriptedPool(t, {
    ...script(() => listening('a')),
    query: (text) =>
      text === 'LISTEN "bad"'
        ? REFUSED
        : text.startsWith('SELECT')
          ? listening('a')
          : {commandTag: 'LISTEN'},
  });
  const gaps: unknown[] = [];
  const [good, bad] = await Promise.allSettled([
    db.listen('a', () => undefined, {onGap: (gap) => gaps.push(gap)}),
    db.listen('bad', () => undefined),
  ]);
  assert.equal(good.status, 'fulfilled');
  assert.ok(bad.status === 'rejected' && bad.reason.code === '25006');
  assert.deepEqual(gaps, []);
});

test('LISTEN that is refused after a loss is tried again elsewhere', async (t) => {
  const state = script((question) => (question === 2 ? listening() : listening('a')));
  let listens = 0;
  const {db} = await scriptedPool(
    t,
    {
      ...state,
      query: (text, parameters) =>
        text === 'LISTEN "a"' && ++listens === 2 ? REFUSED : state.query(text, parameters),
    },
    quiet,
  );
  await new Promise<NotificationGap>((resolve, reject) => {
    db.listen('a', () => undefined, {onGap: resolve}).catch(reject);
  });
  assert.equal(listens, 3);
});

test('a server that breaks every session is not stormed', async (t) => {
  const sessions = 4;
  let asked = 0;
  let atLast: () => void;
  const enough = new Promise<void>((resolve) => {
    atLast = resolve;
  });
  const {db} = await scriptedPool(
    t,
    script((question) => {
      if (question === 1) return listening('a');
      if (++asked === sessions) atLast();
      // No list of channels: the session is ended as soon as it was opened.
      return {columns: ['pg_backend_pid', 'to_json'], rows: [[String(PROCESS_ID), null]]};
    }),
    quiet,
  );
  const since = performance.now();
  await db.listen('a', () => undefined);
  await enough;
  // Before the second session, the third and the fourth: half of 50, 100 and 200 ms at least.
  assert.ok(performance.now() - since >= 25 + 50 + 100);
});

function unreachable(error: Error) {
  const clock = new FakeClock();
  const attempts: number[] = [];
  const reports: Error[] = [];
  const listener = new Listener({
    open() {
      attempts.push(clock.time);
      return Promise.reject(error);
    },
    notify: () => Promise.resolve(),
    report: (reported) => reports.push(reported),
    clock,
    random: () => 0,
    timeOfDay: () => 0,
    heartbeatMilliseconds: 1000,
    waitMilliseconds: 60_000,
  });
  return {clock, attempts, reports, listener};
}

test('a server that is starting up is waited for, with growing pauses, for five seconds', async () => {
  const startingUp = new DatabaseError({
    code: '57P03',
    message: 'the database system is starting up',
  });
  const {clock, attempts, listener, reports} = unreachable(startingUp);
  const listened = assert.rejects(
    listener.listen('a', () => undefined),
    startingUp,
  );
  await clock.advance(60_000);
  await listened;
  assert.deepEqual(attempts, [0, 50, 150, 350, 750, 1550, 2550, 3550, 4550, 5550]);
  assert.deepEqual(reports, []);
  assert.ok(!clock.keepsAlive);
});

test('a server that cannot be reached fails the call at once, and the next call tries again', async () => {
  const refused = new ConnectionError('refused', {code: 'PG_CONNECT_FAILED'});
  const {clock, attempts, listener} = unreachable(refused);
  for (const count of [1, 2]) {
    const listened = assert.rejects(
      listener.listen('a', () => undefined),
      refused,
    );
    await clock.advance(1000);
    await listened;
    assert.equal(attempts.length, count);
  }
  assert.ok(!clock.keepsAlive);
});
