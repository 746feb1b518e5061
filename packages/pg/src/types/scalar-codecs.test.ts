import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {boolCodec} from './bool-codec';
import {byteaCodec} from './bytea-codec';
import {circleCodec, pointCodec} from './geometric-codec';
import {jsonCodec, jsonbCodec} from './json-codec';
import {plainTextCodec} from './string-codec';
import {readBinary} from './testing/read-binary';
import {readUtf8} from './utf8';
import {uuidCodec} from './uuid-codec';

/** The escape format of bytea_output. */
function escape(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => {
    if (byte === 0x5c) return '\\\\';
    const printable = byte >= 0x20 && byte < 0x7f;
    return printable ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  }).join('');
}

test('bool reads t and f, and one byte', () => {
  assert.equal(boolCodec.decodeText('t'), true);
  assert.equal(boolCodec.decodeText('f'), false);
  assert.equal(readBinary(boolCodec, '01'), true);
  assert.equal(readBinary(boolCodec, '00'), false);
  assert.throws(() => boolCodec.decodeText('perhaps'), {code: 'PG_VALUE_MALFORMED'});
  assert.throws(() => readBinary(boolCodec, ''), {code: 'PG_VALUE_MALFORMED'});
});

test('text of any length and script reads alike from text and binary', () => {
  const codec = plainTextCodec('text');
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({unit: 'binary', maxLength: 14})), (text) => {
      assert.equal(readBinary(codec, Buffer.from(text)), text);
      assert.equal(codec.decodeText(text), text);
    }),
  );
  for (let length = 0; length < 20; length++) {
    const text = 'abcdefghijklmnopqrst'.slice(0, length);
    assert.equal(readUtf8(Buffer.from(`>${text}<`), 1, 1 + length), text);
    // One character that is not ASCII, at each place.
    for (let at = 0; at <= length; at++) {
      const mixed = `${text.slice(0, at)}é${text.slice(at)}`;
      assert.equal(readUtf8(Buffer.from(`>${mixed}<`), 1, 3 + length), mixed);
    }
  }
});

test('bytea reads alike from hex, escape and binary, and owns its bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (array) => {
      const bytes = Buffer.from(array);
      assert.deepEqual(byteaCodec.decodeText(`\\x${bytes.toString('hex')}`), bytes);
      assert.deepEqual(byteaCodec.decodeText(escape(bytes)), bytes);
      assert.deepEqual(readBinary(byteaCodec, bytes), bytes);
    }),
  );
});

test('broken bytea is an error, not a shorter value', () => {
  for (const text of ['\\x0', '\\x0g', '\\x00zz11', 'a\\', 'a\\9', '\\40', '\\400']) {
    assert.throws(() => byteaCodec.decodeText(text), {code: 'PG_VALUE_MALFORMED'}, text);
  }
});

test('json and jsonb read alike from text and binary', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const value: unknown = JSON.parse(text);
      assert.deepEqual(jsonCodec.decodeText(text), value);
      assert.deepEqual(readBinary(jsonCodec, Buffer.from(text)), value);
      assert.deepEqual(readBinary(jsonbCodec, Buffer.from(`\u0001${text}`)), value);
    }),
  );
});

test('broken json is an error that does not quote the document', () => {
  for (const read of [
    () => jsonCodec.decodeText('{"password": hunter2}'),
    () => readBinary(jsonbCodec, Buffer.from('\u0002{}')),
    () => readBinary(jsonbCodec, ''),
  ]) {
    assert.throws(read, (error: Error & {code?: string}) => {
      assert.equal(error.code, 'PG_VALUE_MALFORMED');
      assert.doesNotMatch(error.message, /hunter2/);
      assert.equal(error.cause, undefined);
      return true;
    });
  }
});

test('uuid reads alike from text and binary', () => {
  fc.assert(
    fc.property(fc.uuid(), (uuid) => {
      assert.equal(readBinary(uuidCodec, uuid.replaceAll('-', '')), uuid);
      assert.equal(uuidCodec.decodeText(uuid), uuid);
    }),
  );
  assert.throws(() => readBinary(uuidCodec, '00'), {code: 'PG_VALUE_MALFORMED'});
});

test('point and circle are objects', () => {
  assert.deepEqual(pointCodec.decodeText('(1.5,-2)'), {x: 1.5, y: -2});
  assert.deepEqual(pointCodec.decodeText('(1e+20,Infinity)'), {x: 1e20, y: Infinity});
  assert.deepEqual(circleCodec.decodeText('<(1,2),3.25>'), {x: 1, y: 2, radius: 3.25});
  assert.throws(() => pointCodec.decodeText('1,2'), {code: 'PG_VALUE_MALFORMED'});
  assert.throws(() => circleCodec.decodeText('((1,2),3)'), {code: 'PG_VALUE_MALFORMED'});
});
