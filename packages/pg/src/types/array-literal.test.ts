import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {parseArray} from './array-text';
import {encodeParameter} from './parameter';

function encode(value: readonly unknown[]): string {
  const literal = encodeParameter(value, 0, 1);
  assert.ok(typeof literal === 'string');
  return literal;
}

test('elements are encoded like parameters', () => {
  assert.equal(
    encode([1, Number.NaN, true, 5n, null, {a: 'q"'}, Buffer.from('hi')]),
    '{1,NaN,true,5,NULL,"{\\"a\\":\\"q\\\\\\"\\"}","\\\\x6869"}',
  );
  assert.equal(encode(['NULL', '', 'a,b', '"', '\\']), '{"NULL","","a,b","\\"","\\\\"}');
});

test('an array without elements is {} at any depth', () => {
  assert.equal(encode([]), '{}');
  assert.equal(encode([[], []]), '{}');
});

test('any rectangular array of text reads back as itself', () => {
  const element = fc.option(
    fc
      .oneof(
        fc.string(),
        fc.string({unit: fc.constantFrom('"', '\\', '{', '}', ',', ' ', 'NULL', '\n')}),
      )
      .filter((text) => !text.includes('\0')),
  );
  const arrays = fc
    .tuple(fc.integer({min: 1, max: 3}), fc.integer({min: 1, max: 3}))
    .chain(([rows, columns]) =>
      fc.array(fc.array(element, {minLength: columns, maxLength: columns}), {
        minLength: rows,
        maxLength: rows,
      }),
    );
  fc.assert(fc.property(arrays, (value) => assert.deepEqual(parseArray(encode(value)), value)));
  fc.assert(
    fc.property(fc.array(element), (value) => assert.deepEqual(parseArray(encode(value)), value)),
  );
});

test('a ragged array is an error that names the element', () => {
  for (const value of [
    [[1], [2, 3]],
    [1, [2]],
    [[1], 2],
    [[1], null],
    [[], 1],
    [[[1]], [2]],
    [[], [1]],
  ]) {
    assert.throws(() => encode(value), {
      code: 'PG_PARAMETER_INVALID',
      message: /\$1, element 2.*ragged/,
    });
  }
});

test('an array deeper than Postgres allows, or cyclic, is an error', () => {
  assert.equal(encode([[[[[[1]]]]]]), '{{{{{{1}}}}}}');
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  for (const value of [[[[[[[[1]]]]]]], cyclic]) {
    assert.throws(() => encode(value), {
      code: 'PG_PARAMETER_INVALID',
      message: /deeper than the 6/,
    });
  }
});
