import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ReplacementBudget} from './replacement-budget';

test('within a second as many connections may be replaced as the pool has', () => {
  const budget = new ReplacementBudget(2);
  const answers = [5, 6, 7, 1004, 1005, 1006, 1007].map((now) => budget.mayReplace(now));
  assert.deepEqual(answers, [true, true, false, false, true, true, false]);
});
