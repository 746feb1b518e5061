import assert from 'node:assert/strict';
import {test} from 'node:test';

import {ProtocolError} from '../../errors';
import {ByteReader} from './byte-reader';

test('reads integers in network order, signed and unsigned', () => {
  const bytes = Buffer.from('fffffeffff01020304fffffffe', 'hex');
  const r = new ByteReader().reset(bytes, 0, bytes.length);
  assert.deepEqual(
    [r.int8(), r.int16(), r.uint16(), r.int32(), r.uint32(), r.remaining()],
    [-1, -2, 65_535, 0x01020304, 0xfffffffe, 0],
  );
});

test('no read passes the end of the frame, though the buffer goes on', () => {
  const buffer = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 0, 0]);
  const reads: ((r: ByteReader) => unknown)[] = [
    (r) => r.int32(),
    (r) => r.uint32(),
    (r) => r.bytes(4),
    (r) => r.bytes(-1),
    (r) => r.bytes(0x7fffffff),
    (r) => r.cstring(),
    (r) => [r.int16(), r.int16()],
    (r) => [r.int16(), r.int8(), r.int8()],
  ];
  for (const read of reads) {
    assert.throws(() => read(new ByteReader().reset(buffer, 2, 5)), ProtocolError);
  }
});

test('an error names the message, the offset and the figures', () => {
  const r = new ByteReader().reset(Buffer.alloc(20), 10, 16);
  r.messageName = 'DataRow';
  r.int16();
  assert.throws(() => r.bytes(9), {
    message: 'Malformed DataRow: it needs 9 more bytes and 4 are left (at byte 2 of its body of 6)',
  });
  assert.throws(() => r.expectEnd('RowDescription'), /Malformed RowDescription: 4 bytes follow/);
});

test('bytes are a view, so nothing is copied', () => {
  const buffer = Buffer.from('abcdef');
  const view = new ByteReader().reset(buffer, 1, 5).bytes(3);
  buffer.fill('x');
  assert.equal(view.toString(), 'xxx');
});

test('a body outside of its buffer is a mistake that shows', () => {
  assert.throws(() => new ByteReader().reset(Buffer.alloc(4), 0, 5), /not within a buffer/);
});
