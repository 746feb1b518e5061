import assert from 'node:assert/strict';
import {test} from 'node:test';
import {sortedLatencies} from './log';

test('latencies are the third column of each line, as ascending milliseconds', () => {
  const log = '0 1 1500 0 1700000000 10\n1 1 250 0 1700000000 12\n';
  assert.deepEqual([...sortedLatencies(log)], [0.25, 1.5]);
});

test('what is no log is refused', () => {
  assert.throws(() => sortedLatencies('pgbench: error\n'), /not a log/);
});
