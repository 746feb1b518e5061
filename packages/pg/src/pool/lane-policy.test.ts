import assert from 'node:assert/strict';
import {test} from 'node:test';
import {accepts, depthFor, isOverdue, kindOf, reserveLimits, underWayUntil} from './lane-policy';

const load = {refilling: true, expectedMilliseconds: 0, headSince: 0, headMeanMilliseconds: 1};

test('work is fast only when it is known to be and does not ask to be alone', () => {
  assert.equal(kindOf({alone: false, cost: {meanMilliseconds: 1}}), 'fast');
  assert.equal(kindOf({alone: false, cost: {meanMilliseconds: 5}}), 'fast');
  assert.equal(kindOf({alone: false, cost: {meanMilliseconds: 0}}), 'alone');
  assert.equal(kindOf({alone: true, cost: {meanMilliseconds: 1}}), 'alone');
});

test('work above 5 ms is slow, whether or not it asks to be alone', () => {
  assert.equal(kindOf({alone: false, cost: {meanMilliseconds: 5.1}}), 'slow');
  assert.equal(kindOf({alone: true, cost: {meanMilliseconds: 5.1}}), 'slow');
});

test('slow work leaves a tenth to a fifth of the pool free, at least one of two, and has one itself', () => {
  const limits = [1, 2, 3, 5, 10, 20].map(reserveLimits);
  assert.deepEqual(
    limits.map(({least}) => least),
    [0, 1, 1, 1, 1, 2],
  );
  assert.deepEqual(
    limits.map(({most}) => most),
    [0, 1, 1, 1, 2, 4],
  );
});

test('a lane takes expected work up to 5 ms', () => {
  assert.equal(accepts({...load, expectedMilliseconds: 4}, 1, 0), true);
  assert.equal(accepts({...load, expectedMilliseconds: 4}, 1.1, 0), false);
});

test('a lane that was full takes nothing until it is refilling', () => {
  assert.equal(accepts({...load, refilling: false}, 1, 0), false);
});

test('a lane is overdue after four times what its first task usually takes, and never before 1 ms', () => {
  assert.equal(isOverdue({...load, headMeanMilliseconds: 1}, 4), false);
  assert.equal(isOverdue({...load, headMeanMilliseconds: 1}, 4.1), true);
  assert.equal(isOverdue({...load, headMeanMilliseconds: 0.1}, 0.9), false);
  assert.equal(isOverdue({...load, headMeanMilliseconds: 0.1}, 1.1), true);
  assert.equal(accepts({...load, headMeanMilliseconds: 0.1}, 0.1, 1.1), false);
});

test('the longer the round trip, the more is in flight on a lane, up to 128', () => {
  assert.deepEqual([0, 0.05, 1, 5, 12, 200].map(depthFor), [16, 16, 26, 66, 128, 128]);
});

test('nothing is worked on before it can have arrived, with a quarter of the round trip for jitter', () => {
  assert.equal(underWayUntil(100, 0), 100);
  assert.equal(underWayUntil(100, 8), 110);
});
