import assert from 'node:assert/strict';
import {test} from 'node:test';
import {systemClock} from './clock';

function keptAlive(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
}

test('a timer keeps the process alive until it is unrefed or cleared', () => {
  const before = keptAlive();
  const timer = systemClock.setTimer(() => {}, 60_000);
  assert.equal(keptAlive(), before + 1);
  timer.unref();
  assert.equal(keptAlive(), before);
  timer.ref();
  assert.equal(keptAlive(), before + 1);
  systemClock.clearTimer(timer);
  assert.equal(keptAlive(), before);
});

test('a timer of more than 24 days does not fire at once', async () => {
  let fired = false;
  const long = systemClock.setTimer(() => {
    fired = true;
  }, 2 ** 40);
  await new Promise<void>((resolve) => {
    systemClock.setTimer(resolve, 5);
  });
  systemClock.clearTimer(long);
  assert.equal(fired, false);
});

test('the clock never goes back', () => {
  const first = systemClock.now();
  assert.ok(systemClock.now() >= first);
});
