import assert from 'node:assert/strict';
import {test} from 'node:test';
import {LargeChunks} from '../protocol';
import {binaryEncoder} from './binary-row-encoder';
import {CopyData} from './copy-data';
import {encodeText} from './text-encoders';

const memory = () => new LargeChunks({limitBytes: 1_000_000, later: () => undefined});

function textEncoder() {
  const encoder = binaryEncoder([{name: 'a', parameterType: 0, encode: encodeText}]);
  assert.ok(encoder !== undefined);
  return encoder;
}

function filled(data: CopyData, row: readonly unknown[]): Buffer {
  const encoder = textEncoder();
  while (!data.full) data.row(encoder, row);
  return data.take();
}

test('a message of rows ends between rows, in one lent piece of memory', () => {
  const chunks = memory();
  const data = new CopyData(chunks);
  const message = filled(data, ['x'.repeat(94)]);
  assert.equal(message.readInt32BE(1), message.length - 1);
  assert.equal((message.length - 5) % 100, 0);
  assert.ok(message.length >= 100_000 && message.length <= 131_072, String(message.length));
  assert.equal(message.buffer.byteLength, 131_072);
});

test('memory that was given back is written to again, and no other', () => {
  const chunks = memory();
  const data = new CopyData(chunks);
  const first = filled(data, ['first']);
  const second = filled(data, ['second']);
  assert.notEqual(second.buffer, first.buffer);
  chunks.giveBack(first);
  const third = filled(data, ['third']);
  assert.equal(third.buffer, first.buffer);
  assert.ok(second.includes('second') && !second.includes('third'));
});

test('a row that is larger than a message goes as one message', () => {
  const data = new CopyData(memory());
  const message = filled(data, ['é'.repeat(300_000)]);
  assert.equal(message.length, 5 + 2 + 4 + 600_000);
});

test('bytes are cut into messages wherever they are full', () => {
  const chunks = memory();
  const data = new CopyData(chunks);
  const bytes = Buffer.alloc(500_000, 'abcdefg');
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    at = data.bytes(bytes, at);
    if (!data.full && at < bytes.length) assert.fail('a message that is not full was left');
    const message = data.take();
    assert.ok(message.length <= 131_072);
    parts.push(Buffer.from(message.subarray(5)));
    chunks.giveBack(message);
  }
  assert.ok(bytes.equals(Buffer.concat(parts)));
});
