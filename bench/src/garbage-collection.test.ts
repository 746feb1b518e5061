import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {pauseShare, watchGarbageCollection} from './garbage-collection';

test('only the part of a pause inside the time counts', () => {
  const pauses = [
    {startTime: 0, duration: 50},
    {startTime: 95, duration: 10},
    {startTime: 120, duration: 20},
    {startTime: 195, duration: 10},
    {startTime: 300, duration: 1},
  ];
  assert.equal(pauseShare(pauses, 100, 200), 0.3);
});

test('sees the pauses of this process up to the moment it is asked', async () => {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  assert.ok(typeof collect === 'function');
  const watch = watchGarbageCollection();
  assert.ok(watch);
  const startedAt = performance.now();
  for (let count = 0; count < 3; count++) Reflect.apply(collect, undefined, []);
  const share = await watch.shareSince(startedAt);
  // Nothing else was done meanwhile.
  assert.ok(share > 0.5 && share <= 1, String(share));
});
