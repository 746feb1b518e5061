import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {median, quantile, ratios, spread} from './statistics';

test('a quantile is the value that so many values do not exceed', () => {
  const hundred = Array.from({length: 100}, (_, index) => index + 1);
  assert.equal(quantile(hundred, 0.5), 50);
  assert.equal(quantile(hundred, 0.99), 99);
  assert.equal(quantile(hundred, 1), 100);
  assert.equal(quantile([7], 0.99), 7);
  assert.throws(() => quantile([], 0.5), /nothing/);
});

test('the median of an even number of values is between the middle two', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([10, 20]), 15);
});

test('as many values are below the median as above it', () =>
  fc.assert(
    fc.property(fc.array(fc.integer(), {minLength: 1}), (values) => {
      const middle = median(values);
      const below = values.filter((value) => value < middle).length;
      const above = values.filter((value) => value > middle).length;
      assert.ok(below <= values.length / 2 && above <= values.length / 2);
    }),
  ));

test('a spread has the extremes beside the median', () => {
  assert.deepEqual(spread([3, 1, 2]), {median: 2, least: 1, most: 3});
});

test('ratios compare within a round only', () => {
  // The machine was twice as fast in round 1: the ratio is the same.
  const ours = new Map([
    [0, 30],
    [1, 60],
    [2, 45],
  ]);
  const peer = new Map([
    [0, 10],
    [1, 20],
  ]);
  assert.deepEqual(ratios(ours, peer), [3, 3]);
});
