import assert from 'node:assert/strict';
import {test} from 'node:test';
import {UsageError} from '@databases/pg';
import * as fc from 'fast-check';
import {decodeToken, encodeToken, laterToken, standingOf} from './token';
import type {Token} from './token';

const tokens = fc.record(
  {
    systemId: fc.bigInt({min: 0n, max: 2n ** 64n - 1n}).map(String),
    timeline: fc.integer({min: 1, max: 2 ** 32 - 1}),
    lsn: fc.bigInt({min: 0n, max: 2n ** 64n - 1n}),
  },
  {noNullPrototype: true},
);
const at = (lsn: bigint, timeline = 1, systemId = '7'): Token => ({systemId, timeline, lsn});

test('a token survives a cookie', () => {
  fc.assert(
    fc.property(tokens, (token) => {
      const text = encodeToken(token);
      assert.match(text, /^[\w-]+$/);
      assert.deepEqual(decodeToken(text), token);
    }),
  );
});

test('what is no token is refused, whatever it is', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.throws(() => decodeToken(text), UsageError);
    }),
  );
  const longer = `${encodeToken(at(1n))}AAAA`;
  assert.throws(() => decodeToken(longer), UsageError);
});

test('a position counts only on its own timeline', () => {
  assert.equal(standingOf(at(5n, 2), '7', 2), 'comparable');
  assert.equal(standingOf(at(5n, 1), '7', 2), 'lost');
  assert.equal(standingOf(at(5n, 3), '7', 2), 'ahead');
  assert.equal(standingOf(at(5n, 2, '8'), '7', 2), 'foreign');
});

test('of two tokens the later one is kept', () => {
  assert.deepEqual(laterToken(undefined, at(1n)), at(1n));
  assert.deepEqual(laterToken(at(2n), at(1n)), at(2n));
  assert.deepEqual(laterToken(at(1n), at(2n)), at(2n));
  assert.deepEqual(laterToken(at(9n, 1), at(1n, 2)), at(1n, 2));
  assert.deepEqual(laterToken(at(1n, 2), at(9n, 1)), at(1n, 2));
});
