import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readServerLog, selectLines} from './server-log';

const LOG = `2026-01-01 10:00:00.000 UTC [1] LOG:  database system is ready to accept connections
2026-01-01 10:00:01.000 UTC [2] one ERROR:  division by zero
2026-01-01 10:00:01.000 UTC [2] one STATEMENT:  SELECT 1
\t/ 0
2026-01-01 10:00:02.000 UTC [3] two ERROR:  duplicate key
2026-01-01 10:00:03.000 UTC [2] one LOG:  duration: 3 ms
`;

test('of a log, the lines of one database, with all lines of a statement', () => {
  assert.deepEqual(selectLines(LOG, {database: 'one', errors: true}), [
    '2026-01-01 10:00:01.000 UTC [2] one ERROR:  division by zero',
    '2026-01-01 10:00:01.000 UTC [2] one STATEMENT:  SELECT 1',
    '\t/ 0',
  ]);
  assert.equal(selectLines(LOG, {database: 'one'}).length, 4);
});

test('the last lines are those that are shown', () => {
  assert.deepEqual(selectLines(LOG, {lines: 1}), [
    '2026-01-01 10:00:03.000 UTC [2] one LOG:  duration: 3 ms',
  ]);
});

test('a log that is not there has no lines', () => {
  assert.equal(readServerLog('/nonexistent/log'), '');
});
