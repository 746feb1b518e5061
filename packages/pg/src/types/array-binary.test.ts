import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {TypeRegistry} from './registry';
import {readBinary} from './testing/read-binary';

const registry = new TypeRegistry();
const int4Array = registry.codecOf(1007);
const textArray = registry.codecOf(1009);

// Captured from array_send of Postgres 18.
const CAPTURED = [
  [int4Array, '000000000000000000000017', []],
  [
    int4Array,
    '00000001000000010000001700000003000000010000000400000001ffffffff00000004fffffffd',
    [1, null, -3],
  ],
  [
    int4Array,
    '000000020000000000000017000000020000000100000002000000010000000400000001000000040000000200000004000000030000000400000004',
    [
      [1, 2],
      [3, 4],
    ],
  ],
  [int4Array, '000000010000000000000017000000020000000000000004000000050000000400000006', [5, 6]],
  [
    int4Array,
    '00000002000000000000001700000002fffffffe000000010000000300000004000000050000000400000006',
    [[5], [6]],
  ],
  [
    textArray,
    '000000010000000100000019000000040000000100000003612c6200000000ffffffff00000002c3a9',
    ['a,b', '', null, 'é'],
  ],
] as const;

test('arrays captured from a server read as they print', () => {
  for (const [codec, binary, value] of CAPTURED) assert.deepEqual(readBinary(codec, binary), value);
});

test('every prefix of an array, and every array with one byte more, is an error', () => {
  for (const [codec, binary] of CAPTURED) {
    const bytes = Buffer.from(binary, 'hex');
    for (let length = 0; length < bytes.length; length++) {
      assert.throws(() => readBinary(codec, bytes.subarray(0, length)), {
        code: 'PG_VALUE_MALFORMED',
      });
    }
    assert.throws(() => readBinary(codec, `${binary}00`), {code: 'PG_VALUE_MALFORMED'});
  }
});

test('a forged count is an error, and allocates nothing for it', () => {
  const header = '00000000 00000017';
  for (const bytes of [
    `00000007 ${header}`,
    `ffffffff ${header}`,
    `7fffffff ${header}`,
    `80000000 ${header}`,
    `00000001 ${header} 7fffffff 00000001 00000004 00000001`,
    `00000002 ${header} 7fffffff 00000001 7fffffff 00000001 00000004 00000001`,
    `00000001 ${header} 00000000 00000001`,
    `00000001 ${header} ffffffff 00000001`,
    `00000001 ${header} 00000001 00000001 7fffffff 00000001`,
    `00000001 ${header} 00000001 00000001 fffffffe 00000001`,
  ]) {
    assert.throws(() => readBinary(int4Array, bytes), {code: 'PG_VALUE_MALFORMED'}, bytes);
  }
});

test('any bytes are either an array or a malformed value', () => {
  fc.assert(
    fc.property(fc.uint8Array({maxLength: 64}), (bytes) => {
      try {
        assert.ok(Array.isArray(readBinary(textArray, Buffer.from(bytes))));
      } catch (error) {
        assert.equal(error instanceof Error && 'code' in error && error.code, 'PG_VALUE_MALFORMED');
      }
    }),
  );
});
