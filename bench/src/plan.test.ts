import assert from 'node:assert/strict';
import {test} from 'node:test';
import {plan} from './plan';

test('peers alternate within a workload, and every second round goes backwards', () => {
  const order = plan(['point', 'rows'], ['a', 'b', 'c'], 2).map(
    ({round, workload, peer}) => `${round} ${workload} ${peer}`,
  );
  assert.deepEqual(order, [
    '0 point a',
    '0 point b',
    '0 point c',
    '0 rows a',
    '0 rows b',
    '0 rows c',
    '1 point c',
    '1 point b',
    '1 point a',
    '1 rows c',
    '1 rows b',
    '1 rows a',
  ]);
});

test('a run that goes on where another ended has the rounds and the order that come next', () => {
  const whole = plan(['point', 'rows'], ['a', 'b', 'c'], 3);
  const parts = [
    plan(['point', 'rows'], ['a', 'b', 'c'], 1),
    plan(['point', 'rows'], ['a', 'b', 'c'], 2, 1),
  ];
  assert.deepEqual(parts.flat(), whole);
});
