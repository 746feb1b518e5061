import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ByteWriter} from './byte-writer';
import {SpareChunks} from './spare-chunks';

test('a writer that has nothing to write leaves its memory to the others', () => {
  const spares = new SpareChunks(8);
  const writers = Array.from({length: 5}, () => new ByteWriter(1024, spares));
  const taken = writers.map((writer, index) => {
    writer.bytes(Buffer.alloc(100, index));
    return writer.take();
  });
  assert.equal(new Set(taken.map((bytes) => bytes.buffer)).size, 1);
  for (const [index, bytes] of taken.entries()) assert.deepEqual(bytes, Buffer.alloc(100, index));
});

test('writers that write at the same time do not write into the same memory', () => {
  const spares = new SpareChunks(8);
  const [one, other] = [new ByteWriter(1024, spares), new ByteWriter(1024, spares)];
  for (let round = 0; round < 50; round++) {
    const size = 1 + ((round * 37) % 400);
    one.bytes(Buffer.alloc(size, 1));
    other.bytes(Buffer.alloc(size, 2));
    one.bytes(Buffer.alloc(size, 3));
    const [first, second] = [one.take(), other.take()];
    assert.deepEqual(first, Buffer.concat([Buffer.alloc(size, 1), Buffer.alloc(size, 3)]));
    assert.deepEqual(second, Buffer.alloc(size, 2));
  }
});

test('what a message does not fit into is not used for it', () => {
  const spares = new SpareChunks(8);
  const writer = new ByteWriter(1024, spares);
  writer.bytes(Buffer.alloc(600, 1));
  const first = writer.take();
  writer.bytes(Buffer.alloc(900, 2));
  assert.deepEqual(writer.take(), Buffer.alloc(900, 2));
  assert.deepEqual(first, Buffer.alloc(600, 1));
});

test('no more is kept than the limit says', () => {
  const spares = new SpareChunks(2);
  const writers = Array.from({length: 5}, () => new ByteWriter(1024, spares));
  for (const writer of writers) writer.bytes(Buffer.alloc(10));
  for (const writer of writers) writer.take();
  const borrowed = [spares.borrow(), spares.borrow(), spares.borrow()];
  assert.deepEqual(
    borrowed.map((chunk) => chunk?.length),
    [1024, 1024, undefined],
  );
});
