import assert from 'node:assert/strict';
import {test} from 'node:test';
import {CostEstimate} from './cost-estimate';
import {SLOW_MILLISECONDS} from './lane-policy';

function after(...samples: number[]): number {
  const cost = new CostEstimate();
  for (const sample of samples) cost.record(sample);
  return cost.meanMilliseconds;
}

test('nothing is known before the first run, and the first run is the mean', () => {
  assert.equal(after(), 0);
  assert.equal(after(3), 3);
});

test('a run that took no measurable time makes the cost known', () => {
  assert.ok(after(0) > 0);
});

for (const usual of [0.01, 0.1, 1, 2, 3]) {
  test(`one outlier does not make a statement of ${usual} ms slow`, () => {
    assert.ok(after(usual, usual, 60_000) <= SLOW_MILLISECONDS);
    assert.ok(after(usual, 60_000) <= SLOW_MILLISECONDS);
  });

  test(`a statement of ${usual} ms that became slow is known as slow after a few runs`, () => {
    const slow = Array.from({length: 4}, () => 200);
    assert.ok(after(usual, usual, usual, ...slow) > SLOW_MILLISECONDS);
  });
}

test('a slow first run is forgotten after a few fast ones', () => {
  const fast = Array.from({length: 20}, () => 0.5);
  assert.ok(after(200, ...fast) <= SLOW_MILLISECONDS);
});
