import assert from 'node:assert/strict';
import {test} from 'node:test';

import * as fc from 'fast-check';

import {ValueError} from '../../errors';
import {ByteWriter} from './byte-writer';

const invalid = {name: 'ValueError', code: 'PG_PARAMETER_INVALID'};

test('a tagged frame is its tag, a length that counts itself, and the body', () => {
  const w = new ByteWriter();
  const frame = w.begin(0x51);
  w.cstring('hi');
  w.end(frame);
  assert.deepEqual([...w.take()], [0x51, 0, 0, 0, 7, 0x68, 0x69, 0]);
});

test('an untagged frame starts with its length, also behind other frames', () => {
  const w = new ByteWriter();
  w.end(w.begin(0x53));
  const frame = w.beginUntagged();
  w.int32(-2);
  w.end(frame);
  assert.deepEqual([...w.take()], [0x53, 0, 0, 0, 4, 0, 0, 0, 8, 255, 255, 255, 254]);
});

test('integers are written in network order and refused when they do not fit', () => {
  const w = new ByteWriter();
  w.int8(-1);
  w.int16(-2);
  w.uint16(65_535);
  w.int32(0x01020304);
  w.uint32(0xfffffffe);
  assert.equal(w.take().toString('hex'), 'fffffeffff01020304fffffffe');
  assert.throws(() => w.int8(128), invalid);
  assert.throws(() => w.int16(32_768), invalid);
  assert.throws(() => w.uint16(65_536), invalid);
  assert.throws(() => w.uint16(-1), invalid);
  assert.throws(() => w.int32(2 ** 31), invalid);
  assert.throws(() => w.int32(0.5), invalid);
  assert.throws(() => w.uint32(-1), invalid);
  assert.throws(() => w.uint32(Number.NaN), invalid);
  assert.equal(w.pendingBytes, 0);
});

test('text of any length is written as UTF-8 with its length in bytes, at any place in a chunk', () => {
  const texts = fc.array(
    fc.oneof(
      fc.string({unit: 'binary', maxLength: 60}),
      fc.string({unit: 'binary-ascii', maxLength: 60}),
      fc.string({unit: 'grapheme', minLength: 20, maxLength: 400}),
    ),
    {maxLength: 12},
  );
  fc.assert(
    fc.property(texts, fc.integer({min: 64, max: 300}), (given, chunkBytes) => {
      const w = new ByteWriter(chunkBytes);
      const sent = given.map((text) => text.replaceAll('\0', ''));
      for (const text of sent) w.utf8WithLength(text);
      const written = w.take();
      const expected = sent.map((text) => {
        const length = Buffer.alloc(4);
        length.writeInt32BE(Buffer.byteLength(text));
        return Buffer.concat([length, Buffer.from(text)]);
      });
      assert.deepEqual(written, Buffer.concat(expected));
    }),
    {numRuns: 300},
  );
});

test('text that is too long to reserve three bytes per character arrives whole', () => {
  const w = new ByteWriter();
  const text = 'aé€😀'.repeat(120_000);
  w.utf8WithLength(text);
  const written = w.take();
  assert.equal(written.readInt32BE(0), Buffer.byteLength(text));
  assert.equal(written.toString('utf8', 4), text);
});

test('NUL and lone surrogates are refused, say where, and leave nothing of their frame', () => {
  for (const [text, index] of [
    ['a\0b', 1],
    [`${'x'.repeat(40)}\0`, 40],
    ['QQ\ud83d', 2],
    [`${'é'.repeat(40)}\udc00z`, 40],
    [`${'x'.repeat(40_000)}\0`, 40_000],
    [`${'é'.repeat(40_000)}\udc00z`, 40_000],
  ] as const) {
    for (const method of ['cstring', 'utf8WithLength'] as const) {
      const w = new ByteWriter();
      w.end(w.begin(0x53));
      w.begin(0x51);
      w.int32(1);
      assert.throws(
        () => w[method](text),
        (error) =>
          error instanceof ValueError &&
          error.message.includes(`at index ${index};`) &&
          !error.message.includes('QQ') &&
          !error.message.includes('xx'),
      );
      assert.deepEqual([...w.take()], [0x53, 0, 0, 0, 4]);
    }
  }
});

test('a long text may have the character that stands for what cannot be read', () => {
  const w = new ByteWriter();
  w.utf8WithLength('\uFFFD'.repeat(40_000));
  assert.equal(w.take().toString('utf8', 4), '\uFFFD'.repeat(40_000));
});

test('what follows a large value does not move it once more', () => {
  const w = new ByteWriter(1024);
  const frame = w.begin(0x42);
  w.utf8WithLength('x'.repeat(1_000_000));
  w.uint16(0);
  w.end(frame);
  w.end(w.begin(0x53));
  assert.ok(w.take().buffer.byteLength < 1_010_000);
});

test('rollback undoes whole frames, open ones, and such as moved to a larger chunk', () => {
  const w = new ByteWriter(64);
  w.bytes(Buffer.from('kept'));
  const mark = w.mark();
  w.end(w.begin(0x53));
  w.begin(0x51);
  w.bytes(Buffer.alloc(1000));
  w.rollback(mark);
  assert.equal(w.pendingBytes, 4);
  w.end(w.begin(0x58));
  assert.equal(w.take().toString('latin1'), 'keptX\0\0\0\x04');
});

test('bytes that were taken are never written again', () => {
  const w = new ByteWriter(128);
  const taken: {view: Buffer; copy: Buffer}[] = [];
  for (let round = 0; round < 200; round++) {
    const frame = w.begin(0x44);
    w.bytes(Buffer.alloc(round % 90, round));
    w.end(frame);
    if (round % 3 === 0) {
      const view = w.take();
      taken.push({view, copy: Buffer.from(view)});
    }
  }
  for (const {view, copy} of taken) assert.deepEqual(view, copy);
});

test('memory that grew for a large message is given back with it', () => {
  const w = new ByteWriter(1024);
  w.bytes(Buffer.alloc(600_000));
  w.bytes(Buffer.alloc(400_000));
  assert.equal(w.take().length, 1_000_000);
  w.bytes(Buffer.alloc(10));
  assert.equal(w.take().buffer.byteLength, 1024);
});

test('memory grows by doubling, so that many small writes are copied a few times only', () => {
  const w = new ByteWriter(1024);
  for (let index = 0; index < 10_000; index++) w.bytes(Buffer.alloc(10));
  assert.equal(w.take().buffer.byteLength, 1024 * 2 ** 7);
});

test('small messages share a chunk, and a chunk with little room left is not used on', () => {
  const w = new ByteWriter(1024);
  w.bytes(Buffer.alloc(100));
  const first = w.take();
  w.bytes(Buffer.alloc(700));
  const second = w.take();
  w.bytes(Buffer.alloc(10));
  const third = w.take();
  assert.equal(first.buffer, second.buffer);
  assert.notEqual(second.buffer, third.buffer);
});

test('a message that Postgres would not read is refused before its memory is taken', () => {
  const w = new ByteWriter();
  w.begin(0x50);
  // A view of one byte would do for the bound; the length is what is looked at.
  const claimed = new Uint8Array(0);
  Object.defineProperty(claimed, 'length', {value: 0x3fff_ffff});
  const before = process.memoryUsage().arrayBuffers;
  assert.throws(() => w.bytes(claimed), invalid);
  assert.ok(process.memoryUsage().arrayBuffers - before < 16_000_000);
  assert.equal(w.pendingBytes, 0);
});

test('a frame within a frame, and taking half of one, are mistakes that show', () => {
  const w = new ByteWriter();
  w.begin(0x51);
  assert.throws(() => w.begin(0x51), /inside a frame/);
  assert.throws(() => w.take(), /inside a frame/);
});

test('writers that take turns share memory, and none writes over what another has taken', () => {
  const writers = Array.from({length: 5}, () => new ByteWriter());
  const taken: [string, Buffer][] = [];
  for (let round = 0; round < 200; round++) {
    // Some of them have something pending at the same time.
    const pending = writers.filter((_, index) => (round + index) % 3 !== 0);
    const texts = pending.map((_, index) => `${round}/${index} ${'x'.repeat((round * 37) % 900)}`);
    for (const [index, writer] of pending.entries()) writer.bytes(Buffer.from(texts[index] ?? ''));
    for (const [index, writer] of pending.entries())
      taken.push([texts[index] ?? '', writer.take()]);
  }
  for (const [text, bytes] of taken) assert.equal(bytes.toString(), text);
  assert.ok(new Set(taken.map(([, bytes]) => bytes.buffer)).size < 60);
});
