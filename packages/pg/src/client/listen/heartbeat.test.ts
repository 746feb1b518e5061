import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {FakeClock} from '../../pool/pool-fakes.test.support';
import {Heartbeat} from './heartbeat';

const INTERVAL = 1000;

function beating(interval = INTERVAL, answers = true) {
  const clock = new FakeClock();
  const log: string[] = [];
  const heartbeat: Heartbeat = new Heartbeat(clock, interval, {
    due() {
      log.push(`asked at ${clock.time}`);
      heartbeat.asked();
      if (answers) heartbeat.answered();
    },
    silent: (milliseconds) => log.push(`silent for ${milliseconds} at ${clock.time}`),
  });
  return {clock, log, heartbeat};
}

test('a question is due every interval after the answer to the last one', async () => {
  const {clock, log} = beating();
  await clock.advance(3 * INTERVAL);
  assert.deepEqual(log, ['asked at 1000', 'asked at 2000', 'asked at 3000']);
});

test('a question that is not answered within an interval is silence, told once', async () => {
  const {clock, log} = beating(INTERVAL, false);
  await clock.advance(10 * INTERVAL);
  assert.deepEqual(log, ['asked at 1000', 'silent for 1000 at 2000']);
  assert.equal(clock.timers.length, 0);
});

test('a short interval leaves most of itself to the answer', async () => {
  const {clock, log} = beating(40, false);
  await clock.advance(80);
  assert.deepEqual(log, ['asked at 40', 'silent for 40 at 80']);
});

test('an answer that lay in the socket while the process was busy is not silence', async () => {
  const {clock, log, heartbeat} = beating(INTERVAL, false);
  await clock.advance(2 * INTERVAL - 1);
  heartbeat.answered();
  await clock.advance(INTERVAL - 1);
  assert.deepEqual(log, ['asked at 1000']);
});

test('notifications that come instead of the answer are signs of life', async () => {
  const {clock, log, heartbeat} = beating(INTERVAL, false);
  await clock.advance(INTERVAL);
  for (let i = 0; i < 5; i++) {
    heartbeat.heard();
    await clock.advance(INTERVAL);
  }
  assert.deepEqual(log, ['asked at 1000']);
  await clock.advance(2 * INTERVAL);
  assert.match(log[1] ?? '', /^silent/);
});

test('of several questions each answer gives the next one its time', async () => {
  const {clock, log, heartbeat} = beating();
  heartbeat.asked();
  heartbeat.asked();
  await clock.advance(900);
  heartbeat.answered();
  await clock.advance(900);
  heartbeat.answered();
  await clock.advance(999);
  assert.deepEqual(log, []);
  await clock.advance(1);
  assert.equal(log.length, 1);
});

test('an interval of 0 asks nothing and expects nothing, and still keeps the process alive', async () => {
  const {clock, log, heartbeat} = beating(0);
  heartbeat.asked();
  await clock.advance(2 ** 32);
  assert.deepEqual(log, []);
  assert.ok(clock.keepsAlive);
  heartbeat.stop();
  assert.ok(!clock.keepsAlive);
});

test('stopped it keeps nothing alive and asks nothing, whatever came before', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('asked', 'answered', 'heard', 'wait'), {maxLength: 12}),
      async (actions) => {
        const {clock, log, heartbeat} = beating(INTERVAL, false);
        let unanswered = 0;
        for (const action of actions) {
          if (action === 'wait') await clock.advance(INTERVAL / 2);
          else if (action === 'heard') heartbeat.heard();
          else if (action === 'asked') heartbeat.asked();
          else if (unanswered > 0) heartbeat.answered();
          unanswered += action === 'asked' ? 1 : action === 'answered' && unanswered > 0 ? -1 : 0;
        }
        heartbeat.stop();
        const before = log.length;
        if (unanswered > 0) heartbeat.answered();
        await clock.advance(10 * INTERVAL);
        assert.equal(log.length, before);
        assert.ok(!clock.keepsAlive);
      },
    ),
    {numRuns: 30},
  );
});
