import assert from 'node:assert/strict';
import {test} from 'node:test';
import {openLoop} from './open-loop';

const now = () => performance.now();

test('requests leave at their rate while none is answered', async () => {
  const dueAt: number[] = [];
  const answers: (() => void)[] = [];
  const startedAt = now();
  const ended = openLoop({now, endsAt: startedAt + 20}, 1000, (_, due) => {
    dueAt.push(due - startedAt);
    return new Promise((resolve) => {
      answers.push(resolve);
      // Only when the last one has left is any answered.
      if (answers.length >= 19) for (const answer of answers.splice(0)) answer();
    });
  });
  await ended;
  assert.ok(dueAt.length === 19 || dueAt.length === 20, String(dueAt.length));
  for (const [index, due] of dueAt.entries()) assert.ok(Math.abs(due - index) < 1, `${due}`);
});

test('a step that comes late sends all that were due, and tells when they were', async () => {
  let clock = 0;
  const sent: {readonly at: number; readonly due: number}[] = [];
  const bursts: number[] = [];
  let burst = 0;
  await openLoop({now: () => clock, endsAt: 10}, 1000, (_, due) => {
    sent.push({at: clock, due});
    burst += 1;
    if (burst === 1) {
      setImmediate(() => {
        bursts.push(burst);
        burst = 0;
      });
    }
    // Whoever holds up the process until 7.5 ms makes the requests of 1 to 7 ms late.
    clock = clock < 7.5 ? 7.5 : 10;
    return Promise.resolve();
  });
  assert.deepEqual(
    sent.map(({due}) => due),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
  assert.equal(sent[1]?.at, 7.5);
  // The last two leave just before everything was answered.
  assert.deepEqual(bursts.slice(0, 2), [1, 7]);
});

test('the first failure ends it', async () => {
  let sent = 0;
  const failing = openLoop({now, endsAt: now() + 60_000}, 1000, () => {
    sent += 1;
    return Promise.reject(new Error('wrong answer'));
  });
  await assert.rejects(failing, /wrong answer/);
  assert.ok(sent < 60_000);
});
