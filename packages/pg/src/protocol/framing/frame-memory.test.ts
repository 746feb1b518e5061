import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {giveBytes} from '../bytes/frame-memory';
import {FrameDecoder} from './frame-decoder';

const HEADER_BYTES = 5;

function frame(sizeBytes: number, fill: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes, fill);
  bytes.write('D', 0, 'latin1');
  bytes.writeInt32BE(sizeBytes - 1, 1);
  return bytes;
}

interface Drawn {
  readonly bytes: number;
  readonly fills: readonly (number | undefined)[];
}

/** Reads as a socket does: into the room of a large frame if there is one, else into a buffer that all share. */
function readAll(
  stream: Buffer,
  readBytes: readonly number[],
  drawn: (decoder: FrameDecoder) => void,
): {roomy: number} {
  const decoder = new FrameDecoder();
  const shared = Buffer.alloc(65_536);
  let roomy = 0;
  for (let at = 0, turn = 0; at < stream.length; turn++) {
    const room = decoder.lendRoom();
    if (room !== undefined) roomy++;
    const target = room ?? shared;
    const most = readBytes[turn % readBytes.length] ?? 1;
    const length = stream.copy(target, 0, at, Math.min(stream.length, at + most));
    at += length;
    decoder.push(target, 0, length);
    while (decoder.next()) drawn(decoder);
  }
  assert.equal(decoder.bufferedBytes, 0);
  return {roomy};
}

test('frames are the same when large ones are read to where they stay', () => {
  const sizes = fc.array(
    fc.oneof(fc.integer({min: 5, max: 200}), fc.integer({min: 60_000, max: 400_000})),
    {
      minLength: 1,
      maxLength: 6,
    },
  );
  const reads = fc.array(fc.integer({min: 1000, max: 200_000}), {minLength: 1, maxLength: 5});
  fc.assert(
    fc.property(sizes, reads, (frameBytes, readBytes) => {
      const stream = Buffer.concat(frameBytes.map((size, n) => frame(size, n + 1)));
      const found: Drawn[] = [];
      readAll(stream, readBytes, ({buffer, start, end}) =>
        found.push({bytes: end - start, fills: [buffer[start], buffer[end - 1]]}),
      );
      assert.deepEqual(
        found.map(({bytes}) => bytes),
        frameBytes.map((size) => size - HEADER_BYTES),
      );
      for (const [n, {bytes, fills}] of found.entries()) {
        if (bytes > 0) assert.deepEqual(fills, [n + 1, n + 1]);
      }
    }),
    {numRuns: 50},
  );
});

test('a frame of a megabyte is read to where it stays, what comes before and behind it is not', () => {
  const stream = Buffer.concat([frame(20, 1), frame(1_048_576, 2), frame(20, 3)]);
  const {roomy} = readAll(stream, [65_536], () => {});
  assert.ok(roomy >= 14 && roomy <= 16, `${roomy} reads`);
});

test('a frame that grows as it comes, because it is announced as very large, is whole', () => {
  const stream = frame(9 * 1_048_576, 7);
  let checked = 0;
  readAll(stream, [200_000], ({buffer, start, end}) => {
    checked++;
    assert.ok(buffer.subarray(start, end).equals(stream.subarray(HEADER_BYTES)));
  });
  assert.equal(checked, 1);
});

test('bytes that were given to the program stay as they are, whatever comes next', () => {
  const stream = Buffer.concat(Array.from({length: 6}, (_, n) => frame(300_000 - n, n + 1)));
  const given: Buffer[] = [];
  readAll(stream, [65_536], ({buffer, start, end}) => {
    const bytes = giveBytes(buffer, start, end);
    if (bytes !== undefined) given.push(bytes);
  });
  assert.equal(given.length, 6);
  for (const [n, bytes] of given.entries()) {
    assert.equal(bytes.length, 300_000 - n - HEADER_BYTES);
    assert.ok(bytes.equals(Buffer.alloc(bytes.length, n + 1)), `of the frame ${n}`);
  }
});

test('memory in which another frame was before is not given', () => {
  const stream = Buffer.concat([frame(300_000, 1), frame(299_000, 2)]);
  const given: boolean[] = [];
  let frames = 0;
  // The end of the one and the beginning of the other come with one read, so the memory is used again.
  readAll(stream, [60_000, 64_000], ({buffer, start, end}) => {
    if (++frames > 1) given.push(giveBytes(buffer, start, end) !== undefined);
  });
  assert.deepEqual(given, [false]);
});

test('a value that is less than half of what it would keep alive is not given', () => {
  let looked = 0;
  readAll(frame(300_000, 1), [65_536], ({buffer, start}) => {
    looked++;
    assert.equal(giveBytes(buffer, start, start + 149_999), undefined);
    assert.equal(giveBytes(buffer, start, start + 150_000)?.length, 150_000);
  });
  assert.equal(looked, 1);
});

test('bytes in memory that is only lent are not given', () => {
  assert.equal(giveBytes(Buffer.alloc(100_000), 0, 100_000), undefined);
});
