import assert from 'node:assert/strict';
import {test} from 'node:test';
import {isSQLError} from './is-sql-error';
import {SQLErrorCode} from './sqlstate.generated';

test('an object with a SQLSTATE of Postgres is a SQL error', () => {
  assert.equal(isSQLError(Object.assign(new Error('duplicate'), {code: '23505'})), true);
  assert.equal(isSQLError({code: SQLErrorCode.SERIALIZATION_FAILURE}), true);
  // 22004 lost its condition name to 39004.
  assert.equal(isSQLError({code: '22004'}), true);
});

test('anything else is not', () => {
  for (const value of [
    null,
    undefined,
    '23505',
    new Error('x'),
    {code: 'PG_CONNECTION_LOST'},
    {code: 'ECONNRESET'},
    {code: 'UNIQUE_VIOLATION'},
    {code: 23505},
  ]) {
    assert.equal(isSQLError(value), false);
  }
});

test('names are the condition names of PL/pgSQL', () => {
  assert.equal(SQLErrorCode.UNIQUE_VIOLATION, '23505');
  assert.equal(SQLErrorCode.DEADLOCK_DETECTED, '40P01');
  assert.equal(SQLErrorCode.QUERY_CANCELED, '57014');
  assert.equal(SQLErrorCode.NULL_VALUE_NOT_ALLOWED, '39004');
});
