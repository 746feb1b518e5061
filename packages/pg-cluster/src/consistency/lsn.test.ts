import assert from 'node:assert/strict';
import {test} from 'node:test';
import {UsageError} from '@databases/pg';
import * as fc from 'fast-check';
import {formatLsn, parseLsn} from './lsn';

test('a position is read and written as Postgres does', () => {
  assert.equal(parseLsn('0/0'), 0n);
  assert.equal(parseLsn('16/B374D848'), 0x16b374d848n);
  assert.equal(formatLsn(0x16b374d848n), '16/B374D848');
  // The second half is not padded: `1/2` is far behind `1/20000000`.
  assert.ok(parseLsn('1/2') < parseLsn('1/20000000'));
});

test('every position survives being written and read', () => {
  fc.assert(
    fc.property(fc.bigInt({min: 0n, max: 2n ** 64n - 1n}), (lsn) => {
      assert.equal(parseLsn(formatLsn(lsn)), lsn);
    }),
  );
});

test('what is no position is refused', () => {
  for (const text of ['', '0', '0/', '/0', '0/123456789', 'x/0', ' 0/0', '0/0 ']) {
    assert.throws(() => parseLsn(text), UsageError);
  }
});
