import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Opener} from './opener';

/** Attempts that succeed have done so. */
async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await Promise.resolve();
}

/** An opener whose attempts succeed at once, on a clock that is set by hand. Without jitter. */
function opening() {
  let now = 10_000;
  const timers: {at: number; fn: () => void}[] = [];
  const openedAt: number[] = [];
  const opener: Opener<number> = new Opener(
    {
      open: async () => now,
      close: () => Promise.resolve(),
      destroy: () => undefined,
      usable: () => true,
    },
    {
      now: () => now,
      setTimer: (fn, milliseconds) => {
        const timer = {at: now + milliseconds, fn, ref: () => undefined, unref: () => undefined};
        timers.push(timer);
        return timer;
      },
      clearTimer: () => undefined,
    },
    () => 0,
    {opened: (at) => openedAt.push(at), failed: () => undefined, retry: () => undefined},
  );
  return {
    opener,
    openedAt,
    wait: (milliseconds: number) => (now += milliseconds),
    pauses: () => timers.map(({at}) => at - now),
    now: () => now,
  };
}

test('what breaks early for the first time, or late, is replaced at once', async () => {
  const {opener, openedAt, wait, now} = opening();
  opener.grow(1, 1);
  await settled();
  wait(10);
  opener.broke(now() - 10);
  opener.grow(1, 1);
  await settled();
  assert.equal(openedAt.length, 2);
  wait(1000);
  opener.broke(now() - 1000);
  opener.grow(1, 1);
  await settled();
  assert.equal(openedAt.length, 3);
});

test('what breaks early again and again is opened again with growing pauses', async () => {
  const {opener, openedAt, wait, pauses, now} = opening();
  opener.broke(now());
  const seen: (number | undefined)[] = [];
  for (let i = 0; i < 6; i++) {
    wait(1);
    opener.broke(now());
    const before = openedAt.length;
    opener.grow(1, 1);
    await settled();
    assert.equal(openedAt.length, before, 'not during the pause');
    const pause = pauses().at(-1);
    seen.push(pause);
    wait(pause ?? 0);
    opener.close();
    opener.grow(1, 1);
    await settled();
    assert.equal(openedAt.length, before + 1);
  }
  assert.deepEqual(seen, [50, 100, 200, 400, 500, 500]);
});

test('several that break together count once', async () => {
  const {opener, openedAt, wait, now} = opening();
  const opened = now();
  wait(10);
  for (let i = 0; i < 8; i++) opener.broke(opened);
  opener.grow(8, 8);
  await settled();
  assert.equal(openedAt.length, 8);
});
