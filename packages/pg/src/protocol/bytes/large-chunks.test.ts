import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ByteWriter} from './byte-writer';
import {LargeChunks} from './large-chunks';

const MEGABYTE = 1_048_576;

function keeping(limitBytes: number) {
  const looks: (() => void)[] = [];
  const large = new LargeChunks({limitBytes, later: (look) => looks.push(look)});
  return {
    large,
    /** As much time goes by as memory is kept for. */
    wait: () => looks.splice(0).forEach((look) => look()),
    waiting: () => looks.length,
  };
}

test('the memory of a large message that was sent is used for the next one', () => {
  const {large} = keeping(4 * MEGABYTE);
  const [one, other] = [
    new ByteWriter(1024, undefined, large),
    new ByteWriter(1024, undefined, large),
  ];
  one.bytes(Buffer.alloc(MEGABYTE, 1));
  const first = one.take();
  const memory = first.buffer;
  large.giveBack(first);
  other.bytes(Buffer.alloc(MEGABYTE - 99, 2));
  const second = other.take();
  assert.equal(second.buffer, memory);
  assert.deepEqual(second, Buffer.alloc(MEGABYTE - 99, 2));
});

test('nobody writes where a message is that was not given back', () => {
  const {large} = keeping(4 * MEGABYTE);
  const writer = new ByteWriter(1024, undefined, large);
  writer.bytes(Buffer.alloc(MEGABYTE, 1));
  const first = writer.take();
  writer.bytes(Buffer.alloc(MEGABYTE, 2));
  const second = writer.take();
  assert.deepEqual(first, Buffer.alloc(MEGABYTE, 1));
  assert.deepEqual(second, Buffer.alloc(MEGABYTE, 2));
});

test('what is given back twice is lent once', () => {
  const {large} = keeping(4 * MEGABYTE);
  const chunk = large.lend(MEGABYTE);
  large.giveBack(chunk);
  large.giveBack(chunk.subarray(5, 10));
  assert.equal(large.keptBytes, chunk.length);
  assert.notEqual(large.lend(MEGABYTE), large.lend(MEGABYTE));
});

test('memory of others is not taken', () => {
  const {large} = keeping(4 * MEGABYTE);
  large.giveBack(Buffer.alloc(MEGABYTE));
  assert.equal(large.keptBytes, 0);
});

test('a message that outgrows its memory leaves that to others', () => {
  const {large} = keeping(16 * MEGABYTE);
  const writer = new ByteWriter(1024, undefined, large);
  writer.bytes(Buffer.alloc(MEGABYTE, 1));
  writer.bytes(Buffer.alloc(4 * MEGABYTE, 2));
  assert.equal(large.keptBytes, 2 * MEGABYTE);
  assert.deepEqual(
    writer.take(),
    Buffer.concat([Buffer.alloc(MEGABYTE, 1), Buffer.alloc(4 * MEGABYTE, 2)]),
  );
});

test('a message that is undone leaves its memory to others', () => {
  const {large} = keeping(4 * MEGABYTE);
  const writer = new ByteWriter(1024, undefined, large);
  const mark = writer.mark();
  writer.bytes(Buffer.alloc(MEGABYTE, 1));
  assert.equal(large.keptBytes, 0);
  writer.rollback(mark);
  assert.ok(large.keptBytes > MEGABYTE);
  writer.utf8('next');
  assert.equal(writer.take().toString(), 'next');
});

test('no more is kept than the limit says, and of that what was used last', () => {
  const {large} = keeping(3 * MEGABYTE);
  const [one, two, three] = [MEGABYTE, MEGABYTE, 2 * MEGABYTE].map((bytes) => large.lend(bytes));
  const tooLarge = large.lend(4 * MEGABYTE);
  for (const chunk of [one, two, three, tooLarge]) if (chunk !== undefined) large.giveBack(chunk);
  assert.equal(large.keptBytes, 3 * MEGABYTE);
  assert.equal(large.lend(MEGABYTE), three);
  assert.equal(large.lend(MEGABYTE), two);
  assert.notEqual(large.lend(MEGABYTE), one);
});

test('what nobody asks for is let go', () => {
  const {large, wait, waiting} = keeping(4 * MEGABYTE);
  large.giveBack(large.lend(MEGABYTE));
  wait();
  large.giveBack(large.lend(MEGABYTE));
  wait();
  assert.ok(large.keptBytes > 0, 'used since it was looked at');
  wait();
  assert.equal(large.keptBytes, 0);
  assert.equal(waiting(), 0, 'nothing is left to look at');
  large.giveBack(large.lend(MEGABYTE));
  assert.equal(waiting(), 1);
});
