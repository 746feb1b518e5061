import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {float4Codec, float8Codec, int2Codec, int4Codec, oidCodec} from './number-codec';
import {readBinary} from './testing/read-binary';

test('integers read alike from text and binary, at their extremes too', () => {
  for (const value of [-0x8000, -1, 0, 0x7fff]) {
    const bytes = Buffer.alloc(2);
    bytes.writeInt16BE(value);
    assert.equal(readBinary(int2Codec, bytes), value);
    assert.equal(int2Codec.decodeText(String(value)), value);
  }
  for (const value of [-0x8000_0000, -1, 0, 0x7fff_ffff]) {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    assert.equal(readBinary(int4Codec, bytes), value);
    assert.equal(int4Codec.decodeText(String(value)), value);
  }
});

test('oid is unsigned', () => {
  assert.equal(readBinary(oidCodec, Buffer.from('ffffffff', 'hex')), 4_294_967_295);
  assert.equal(oidCodec.decodeText('4294967295'), 4_294_967_295);
});

test('every double reads alike from its shortest text and from binary', () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleBE(value);
      const text = Object.is(value, -0) ? '-0' : String(value);
      assert.equal(readBinary(float8Codec, bytes), value);
      assert.equal(float8Codec.decodeText(text), value);
    }),
  );
});

test('float4 is asked for as text, so 0.1 reads as 0.1', () => {
  assert.equal(float4Codec.decodeBinary, undefined);
  assert.equal(float4Codec.decodeText('0.1'), 0.1);
  assert.equal(float4Codec.decodeText('NaN'), Number.NaN);
  assert.equal(float4Codec.decodeText('-Infinity'), -Infinity);
});

test('a number of the wrong length or form is an error that does not quote it', () => {
  for (const codec of [int2Codec, int4Codec, oidCodec, float8Codec]) {
    assert.throws(() => readBinary(codec, Buffer.alloc(3)), {
      code: 'PG_VALUE_MALFORMED',
      message: new RegExp(`type ${codec.name} .*: 3 bytes where`),
    });
    assert.throws(
      () => codec.decodeText('secret'),
      (error: Error) => !error.message.includes('secret'),
    );
    assert.throws(() => codec.decodeText(''), {code: 'PG_VALUE_MALFORMED'});
  }
});
