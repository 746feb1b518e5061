import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readReport} from './report';

const report = `number of transactions actually processed: 4000
number of failed transactions: 0 (0.000%)
tps = 1234.500000 (without initial connection time)
`;

test('transactions and their rate', () => {
  assert.deepEqual(readReport(report), {transactions: 4000, perSecond: 1234.5});
});

test('a run in which a transaction failed, or that never began, is no measurement', () => {
  assert.throws(() =>
    readReport(report.replace('failed transactions: 0', 'failed transactions: 7')),
  );
  assert.throws(() => readReport('connection failed'), /connection failed/);
});
