import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {copyPlain, samePlain} from './plain-value';

const plain = fc.anything({maxDepth: 2, withNullPrototype: true});

test('a copy of a plain value is the same as the value, and shares no object with it', () => {
  fc.assert(
    fc.property(plain, (value) => {
      const copied = copyPlain(value);
      if (copied === undefined) return;
      assert.ok(samePlain(value, copied.value));
      if (typeof value === 'object' && value !== null) assert.notEqual(copied.value, value);
    }),
  );
});

test('values that differ are never taken for the same', () => {
  fc.assert(
    fc.property(plain, plain, (one, other) => {
      const copied = copyPlain(one);
      if (copied === undefined) return;
      const isSame = samePlain(other, copied.value);
      // Of the copies: an object without a prototype is the same as a literal with its fields.
      if (isSame) assert.deepEqual(copyPlain(other), copied);
    }),
  );
  const pairs = [
    [{ca: 'a'}, {ca: 'b'}],
    [{ca: 'a'}, {ca: 'a', cert: 'b'}],
    [{ca: undefined}, {cert: undefined}],
    [{ca: ['a', 'b']}, {ca: ['a']}],
    [{ca: ['a']}, {ca: {0: 'a'}}],
    [{ca: {0: 'a'}}, {ca: ['a']}],
    [{ca: Buffer.from('a')}, {ca: Buffer.from('b')}],
    [{ca: Buffer.from('a')}, {ca: 'a'}],
    [{port: 1}, {port: '1'}],
    [{password: () => 'a'}, {password: () => 'a'}],
  ];
  for (const [one, other] of pairs) {
    assert.equal(samePlain(other, copyPlain(one)?.value), false, JSON.stringify([one, other]));
  }
});

test('what is changed after copying is another value', () => {
  const ca = Buffer.from('certificate');
  const options = {ssl: {ca, list: ['a']}};
  const copied = copyPlain(options)?.value;
  assert.ok(samePlain(options, copied));
  ca[0] = 0;
  assert.equal(samePlain(options, copied), false);
  ca[0] = 0x63;
  assert.ok(samePlain(options, copied));
  options.ssl.list.push('b');
  assert.equal(samePlain(options, copied), false);
});

test('instances of classes, and what holds them or holds itself, are not plain', () => {
  const loop: {self?: object} = {};
  loop.self = loop;
  for (const value of [new Map(), new Date(0), {types: new Map()}, {ca: new Uint8Array(2)}, loop])
    assert.equal(copyPlain(value), undefined);
  assert.equal(samePlain(new Date(0), copyPlain({})?.value), false);
});
