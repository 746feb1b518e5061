import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {TargetSessionAttrs} from '../../config';
import {unfitFor, wishesOf} from './session-attributes';

const servers: readonly (readonly [string, Record<string, string>])[] = [
  ['a primary', {in_hot_standby: 'off', default_transaction_read_only: 'off'}],
  ['a read-only primary', {in_hot_standby: 'off', default_transaction_read_only: 'on'}],
  ['a standby', {in_hot_standby: 'on', default_transaction_read_only: 'off'}],
  ['a pooler', {server_version: '18.0'}],
];

/** https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-CONNECT-TARGET-SESSION-ATTRS */
const accepted: readonly (readonly [TargetSessionAttrs, readonly string[]])[] = [
  ['any', ['a primary', 'a read-only primary', 'a standby', 'a pooler']],
  ['read-write', ['a primary']],
  ['read-only', ['a read-only primary', 'a standby']],
  ['primary', ['a primary', 'a read-only primary']],
  ['standby', ['a standby']],
  ['prefer-standby', ['a standby']],
];

for (const [wish, kinds] of accepted) {
  test(`${wish} is met by ${kinds.join(', ')} and nothing else`, () => {
    for (const [kind, reported] of servers) {
      const unfit = unfitFor(wish, new Map(Object.entries(reported)), 'db:5432');
      if (kinds.includes(kind)) {
        assert.equal(unfit, undefined);
      } else {
        assert.equal(unfit?.code, 'PG_CONNECT_FAILED');
        assert.match(unfit.message, /^db:5432 .*target_session/);
      }
    }
  });
}

test('prefer-standby looks for a standby first and then takes what there is', () => {
  assert.deepEqual(wishesOf('prefer-standby'), ['standby', 'any']);
});
