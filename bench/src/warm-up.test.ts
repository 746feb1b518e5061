import assert from 'node:assert/strict';
import {test} from 'node:test';
import {warmUp} from './warm-up';

/** A process that gets `cpuPerPeriod` seconds of CPU in every period of work. */
async function periodsWith(cpuPerPeriod: number, leastOperations = 0): Promise<number> {
  let cpu = 3;
  return warmUp({
    work: (seconds) => {
      assert.equal(seconds, 0.5);
      cpu += cpuPerPeriod;
      return Promise.resolve(1);
    },
    seconds: 0.5,
    cpuSeconds: () => cpu,
    leastOperations,
  });
}

test('one period is enough for a process that computes all the time', async () => {
  assert.equal(await periodsWith(1.6), 1);
});

test('a process that others keep from computing works longer, and the operations add up', async () => {
  assert.equal(await periodsWith(0.6), 3);
});

test('a process that only waits is not kept for ever', async () => {
  assert.equal(await periodsWith(0), 4);
});

test('a workload whose operations are long gets as many of them as it asks for', async () => {
  assert.equal(await periodsWith(1.6, 7), 7);
  assert.equal(await periodsWith(0, 7), 7);
  assert.equal(await periodsWith(0, 2), 4);
});

test('operations that are far too slow for that end it, too', async () => {
  assert.equal(await periodsWith(1.6, 1000), 20);
});
