import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {int8Codecs} from './int8-codec';
import {readBinary} from './testing/read-binary';

const INT64 = fc.bigInt({min: -(2n ** 63n), max: 2n ** 63n - 1n});
const NEAR_THE_LIMIT = fc.oneof(
  fc.bigInt({min: 2n ** 53n - 3n, max: 2n ** 53n + 3n}),
  fc.bigInt({min: -(2n ** 53n) - 3n, max: -(2n ** 53n) + 3n}),
  fc.bigInt({min: -(2n ** 33n), max: 2n ** 33n}),
);

function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

test('bigIntMode number gives the exact value or an error that names the option', () => {
  fc.assert(
    fc.property(fc.oneof(INT64, NEAR_THE_LIMIT), (value) => {
      const fits = BigInt.asIntN(54, value) === value && value !== -(2n ** 53n);
      for (const read of [
        () => readBinary(int8Codecs.number, int64(value)),
        () => int8Codecs.number.decodeText(String(value)),
      ]) {
        if (fits) assert.equal(read(), Number(value));
        else assert.throws(read, {code: 'PG_VALUE_OUT_OF_RANGE', message: /bigIntMode/});
      }
    }),
  );
});

test('bigIntMode bigint and string are exact everywhere', () => {
  fc.assert(
    fc.property(INT64, (value) => {
      assert.equal(readBinary(int8Codecs.bigint, int64(value)), value);
      assert.equal(int8Codecs.bigint.decodeText(String(value)), value);
      assert.equal(int8Codecs.string.decodeText(String(value)), String(value));
    }),
  );
});

test('text that is no integer is not read as one', () => {
  for (const text of ['', '1.5', '0x10', 'x']) {
    assert.throws(() => int8Codecs.bigint.decodeText(text), {code: 'PG_VALUE_MALFORMED'});
  }
  for (const text of ['', '1.5', 'x']) {
    assert.throws(() => int8Codecs.number.decodeText(text), {code: 'PG_VALUE_MALFORMED'});
  }
});
