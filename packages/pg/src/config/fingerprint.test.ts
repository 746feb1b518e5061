import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {fingerprint} from './fingerprint';
import {hideSecrets} from './secret';

test('equal contents have one fingerprint, and others another', () => {
  fc.assert(
    fc.property(fc.jsonValue({maxDepth: 3}), fc.jsonValue({maxDepth: 3}), (one, other) => {
      assert.equal(fingerprint(structuredClone(one)), fingerprint(one));
      const equal = isEqual(one, other);
      assert.equal(fingerprint(one) === fingerprint(other), equal);
    }),
    {
      examples: [
        [1, '1'],
        [null, 'null'],
        [[], {}],
        [[1], ['list', 1]],
        [['bytes', ''], ''],
      ],
    },
  );
});

test('the order of fields does not matter, that of lists does', () => {
  assert.equal(fingerprint({a: 1, b: 2}), fingerprint({b: 2, a: 1}));
  assert.notEqual(fingerprint(['a', 'b']), fingerprint(['b', 'a']));
});

test('a hidden password counts', () => {
  assert.equal(withPassword('one'), withPassword('one'));
  assert.notEqual(withPassword('one'), withPassword('two'));
});

test('functions count by being there', () => {
  assert.equal(fingerprint({onError: () => 1}), fingerprint({onError: () => 2}));
  assert.notEqual(fingerprint({onError: () => 1}), fingerprint({}));
  assert.notEqual(fingerprint({onError: () => 1}), fingerprint({onError: 'function'}));
});

test('bytes, maps, sets and what Node uses for TLS count by their contents', () => {
  assert.notEqual(fingerprint(Buffer.from('a')), fingerprint(Buffer.from('b')));
  assert.notEqual(fingerprint(new Map([[1, 2]])), fingerprint(new Map([[1, 3]])));
  assert.notEqual(fingerprint(new Set([1])), fingerprint(new Set([2])));
  assert.notEqual(fingerprint(1n), fingerprint(2n));
  assert.notEqual(fingerprint(Number.NaN), fingerprint(null));
});

test('an object that has itself in it ends', () => {
  const own: {own?: unknown} = {};
  own.own = own;
  assert.equal(fingerprint(own), fingerprint(own));
});

function withPassword(password: string): string {
  const config = {host: ['localhost']};
  hideSecrets(config, {password});
  return fingerprint(config);
}

function isEqual(one: unknown, other: unknown): boolean {
  try {
    assert.deepEqual(one, other);
    return true;
  } catch {
    return false;
  }
}
