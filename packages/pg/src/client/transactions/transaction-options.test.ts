import assert from 'node:assert/strict';
import {test} from 'node:test';
import {UsageError} from '../../errors';
import {IsolationLevel} from '../api/queryable';
import type {TransactionOptions} from '../api/queryable';
import {beginText, localSettings, validateTransactionOptions} from './transaction-options';

for (const [options, text] of [
  [undefined, 'BEGIN'],
  [{}, 'BEGIN'],
  [{retrySerializationFailures: true}, 'BEGIN'],
  [{isolationLevel: IsolationLevel.REPEATABLE_READ}, 'BEGIN ISOLATION LEVEL REPEATABLE READ'],
  [{readOnly: true}, 'BEGIN READ ONLY'],
  [{readOnly: false}, 'BEGIN READ WRITE'],
  [{deferrable: false}, 'BEGIN NOT DEFERRABLE'],
  [
    {isolationLevel: IsolationLevel.SERIALIZABLE, readOnly: true, deferrable: true},
    'BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE',
  ],
] as const satisfies readonly [TransactionOptions | undefined, string][]) {
  test(`${JSON.stringify(options)} begins with ${text}`, () => {
    validateTransactionOptions(options);
    assert.equal(beginText(options), text);
  });
}

test('timeouts become settings of the transaction, in milliseconds', () => {
  const options: TransactionOptions = {
    statementTimeoutMilliseconds: 1,
    transactionTimeoutMilliseconds: 2,
    lockTimeoutMilliseconds: 0,
    idleInTransactionSessionTimeoutMilliseconds: 2 ** 31 - 1,
  };
  validateTransactionOptions(options);
  assert.deepEqual(localSettings(options), [
    ['statement_timeout', '1ms'],
    ['transaction_timeout', '2ms'],
    ['lock_timeout', '0ms'],
    ['idle_in_transaction_session_timeout', '2147483647ms'],
  ]);
  assert.deepEqual(localSettings(undefined), []);
});

test('what is not an option, or not a value of it, is refused and named', () => {
  for (const options of [
    {isolation: 'SERIALIZABLE'},
    {isolationLevel: 'serializable; DROP TABLE users'},
    {retrySerializationFailures: -1},
    {retrySerializationFailures: 1.5},
    {retrySerializationFailures: Number.NaN},
    {statementTimeoutMilliseconds: -1},
    {lockTimeoutMilliseconds: 0.5},
    {transactionTimeoutMilliseconds: '1'},
    {idleInTransactionSessionTimeoutMilliseconds: 2 ** 31},
  ]) {
    assert.throws(
      () => Reflect.apply(validateTransactionOptions, undefined, [options]),
      (error) => error instanceof UsageError && error.code === 'PG_INVALID_ARGUMENT',
      JSON.stringify(options),
    );
  }
});
