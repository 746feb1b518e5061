import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {TargetSessionAttrs} from '../config';
import {expectSessionAttributes, wishesOf} from './session-attributes';

const servers = {
  primary: {in_hot_standby: 'off', default_transaction_read_only: 'off'},
  readOnlyPrimary: {in_hot_standby: 'off', default_transaction_read_only: 'on'},
  standby: {in_hot_standby: 'on', default_transaction_read_only: 'off'},
  pooler: {server_version: '18.0'},
};

/** https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-CONNECT-TARGET-SESSION-ATTRS */
const accepted: Record<TargetSessionAttrs, readonly (keyof typeof servers)[]> = {
  any: ['primary', 'readOnlyPrimary', 'standby', 'pooler'],
  'read-write': ['primary'],
  'read-only': ['readOnlyPrimary', 'standby'],
  primary: ['primary', 'readOnlyPrimary'],
  standby: ['standby'],
  'prefer-standby': ['standby'],
};

for (const wish of Object.keys(accepted) as TargetSessionAttrs[]) {
  test(`${wish} is met by ${accepted[wish].join(', ')} and nothing else`, () => {
    for (const name of Object.keys(servers) as (keyof typeof servers)[]) {
      const ask = () =>
        expectSessionAttributes(wish, new Map(Object.entries(servers[name])), 'db:5432');
      if (accepted[wish].includes(name)) ask();
      else assert.throws(ask, {code: 'PG_CONNECT_FAILED', message: /^db:5432 .*target_session/});
    }
  });
}

test('prefer-standby looks for a standby first and then takes what there is', () => {
  assert.deepEqual(wishesOf('prefer-standby'), ['standby', 'any']);
});
