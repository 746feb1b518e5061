import assert from 'node:assert/strict';
import {test} from 'node:test';

import {ProtocolError} from '../../errors';
import {FrameDecoder} from './frame-decoder';

function frame(tag: string, body: Uint8Array): Buffer {
  return Buffer.concat([header(tag, body.length + 4), body]);
}

function header(tag: string, length: number): Buffer {
  const bytes = Buffer.alloc(5, tag);
  bytes.writeInt32BE(length, 1);
  return bytes;
}

/** Pushes copies that are overwritten once they were drawn, and copies every body out. */
function decode(decoder: FrameDecoder, chunks: readonly Uint8Array[]): [number, string][] {
  const frames: [number, string][] = [];
  for (const chunk of chunks) {
    const lent = Buffer.concat([Buffer.from('??'), chunk, Buffer.from('??')]);
    decoder.push(lent, 2, lent.length - 2);
    while (decoder.next()) {
      frames.push([decoder.tag, decoder.buffer.toString('latin1', decoder.start, decoder.end)]);
    }
    lent.fill(0xa5);
  }
  return frames;
}

function bytewise(bytes: Buffer): Buffer[] {
  return Array.from(bytes, (byte) => Buffer.from([byte]));
}

const stream = Buffer.concat([
  frame('1', Buffer.alloc(0)),
  frame('D', Buffer.from('first row')),
  frame('D', Buffer.alloc(300, 'x')),
  frame('Z', Buffer.from('I')),
]);
const framesOfStream: [number, string][] = [
  [0x31, ''],
  [0x44, 'first row'],
  [0x44, 'x'.repeat(300)],
  [0x5a, 'I'],
];

test('whole frames are views into the chunk: nothing is copied', () => {
  const decoder = new FrameDecoder();
  const chunk = Buffer.from(stream);
  decoder.push(chunk, 0, chunk.length);
  while (decoder.next()) assert.equal(decoder.buffer, chunk);
  assert.equal(decoder.bufferedBytes, 0);
});

test('one byte at a time gives the same frames', () => {
  assert.deepEqual(decode(new FrameDecoder(), bytewise(stream)), framesOfStream);
});

test('a cut at any place gives the same frames', () => {
  for (let cut = 0; cut <= stream.length; cut++) {
    const chunks = [stream.subarray(0, cut), stream.subarray(cut)];
    assert.deepEqual(decode(new FrameDecoder(), chunks), framesOfStream, `cut at ${cut}`);
  }
});

test('a chunk that comes before the last one was drawn is put behind it', () => {
  const decoder = new FrameDecoder();
  decoder.push(stream, 0, 40);
  assert.ok(decoder.next());
  decoder.push(stream, 40, stream.length);
  const frames: number[] = [decoder.tag];
  while (decoder.next()) frames.push(decoder.tag);
  assert.deepEqual(frames, [0x31, 0x44, 0x44, 0x5a]);
});

test('bufferedBytes says how much of an incomplete frame there is', () => {
  const decoder = new FrameDecoder();
  assert.deepEqual(decode(decoder, [stream.subarray(0, 8)]).length, 1);
  assert.equal(decoder.bufferedBytes, 3);
  decode(decoder, [stream.subarray(8, 12)]);
  assert.equal(decoder.bufferedBytes, 7);
});

// The numbers are those of the table of hostile inputs (reliability.md, C2).
for (const [what, bytes] of [
  ['1: a length of 0', header('D', 0)],
  ['2: a length of 3', header('D', 3)],
  ['3: a length of -1', header('D', -1)],
  ['4: a length of 2 GiB', header('D', 0x7fffffff)],
  ['4: a length one over the bound', header('D', 0x4000_0000)],
  ['4: a long message of a type that is short', header('Z', 30_001)],
  ['6: an unknown type', header('?', 8)],
  ['6: a type of the frontend', header('Q', 8)],
] as const) {
  test(`${what} is refused at the header, in one piece or bytewise`, () => {
    for (const chunks of [[bytes], bytewise(bytes), [frame('1', Buffer.alloc(0)), bytes]]) {
      const before = process.memoryUsage().arrayBuffers;
      assert.throws(() => decode(new FrameDecoder(), chunks), ProtocolError);
      assert.ok(process.memoryUsage().arrayBuffers - before < 4_000_000);
    }
  });
}

test('the types that may be long are long', () => {
  for (const tag of ['T', 'D', 'd', 'E', 'N', 'A', 'V', 't', 'S']) {
    assert.deepEqual(decode(new FrameDecoder(), [header(tag, 300_000)]), []);
  }
});

test('maxFrameBytes lowers the bound for all of them', () => {
  const decoder = new FrameDecoder({maxFrameBytes: 100});
  assert.throws(
    () => decode(decoder, [header('D', 101)]),
    /DataRow with a length of 101 bytes .at most 100/,
  );
  assert.deepEqual(decode(new FrameDecoder({maxFrameBytes: 100}), [header('D', 100)]), []);
});

test('an announced gigabyte takes memory only as it comes', () => {
  const decoder = new FrameDecoder();
  const before = process.memoryUsage().arrayBuffers;
  decode(decoder, [header('D', 0x3fff_ffff)]);
  const chunk = Buffer.alloc(65_536);
  for (let index = 0; index < 32; index++) decode(decoder, [chunk]);
  assert.equal(decoder.bufferedBytes, 5 + 32 * 65_536);
  assert.ok(process.memoryUsage().arrayBuffers - before < 16_000_000);
});

test('the memory of a frame of a megabyte is taken once, when its length is known', () => {
  const decoder = new FrameDecoder();
  const large = frame('D', Buffer.alloc(1_000_000, 'v'));
  const before = process.memoryUsage().arrayBuffers;
  decoder.push(large, 0, 100);
  assert.equal(decoder.next(), false);
  assert.ok(process.memoryUsage().arrayBuffers - before >= 1_000_000);
  decoder.push(large, 100, large.length);
  assert.ok(decoder.next());
  assert.equal(decoder.buffer.length, large.length);
});

test('a large frame is assembled without copying its bytes over and over', () => {
  const large = frame('D', Buffer.alloc(1_000_000, 'v'));
  const decoder = new FrameDecoder();
  const buffers = new Set<Buffer>();
  for (let offset = 0; offset < large.length; offset += 4096) {
    decoder.push(large, offset, Math.min(offset + 4096, large.length));
    while (decoder.next()) {
      assert.equal(decoder.end - decoder.start, 1_000_000);
      buffers.add(decoder.buffer);
    }
  }
  const [assembled] = buffers;
  // Never more than what was announced.
  assert.equal(assembled?.length, large.length);
});

test('memory of a large frame is given back when the stream is at rest', () => {
  const decoder = new FrameDecoder();
  const large = frame('D', Buffer.alloc(10_000_000, 'v'));
  decoder.push(large, 0, 100);
  assert.equal(decoder.next(), false);
  decoder.push(large, 100, large.length);
  assert.ok(decoder.next());
  const assembled = new WeakRef(decoder.buffer);
  assert.equal(decoder.next(), false);
  decoder.push(stream, 0, 3);
  decoder.next();
  decoder.push(stream, 3, stream.length);
  assert.ok(decoder.next());
  assert.notEqual(decoder.buffer, assembled.deref());
});

test('21: text of a server from before protocol 3.0 is shown', () => {
  for (const chunks of [
    [Buffer.from('Ecould not fork new process for connection: Out of memory\n\0')],
    [Buffer.from('E'), Buffer.from('could not fork new process for connection: Out of memory\n\0')],
  ]) {
    assert.throws(
      () => decode(new FrameDecoder(), chunks),
      /not the Postgres protocol: "could not fork new process for connection: Out of memory"/,
    );
  }
});

test('an answer of another protocol is shown, up to 200 characters of it', () => {
  assert.throws(
    () => decode(new FrameDecoder(), [Buffer.from('HTTP/1.1 400 Bad Request\r\nServer: x\r\n')]),
    /"HTTP\/1\.1 400 Bad Request {2}Server: x"/,
  );
  assert.throws(
    () => decode(new FrameDecoder(), [Buffer.from(`E${'y'.repeat(5000)}`)]),
    (error) => error instanceof ProtocolError && error.message.split('y').length - 1 === 200,
  );
});

test('text is not shown once there were frames: it may be rows', () => {
  const chunks = [frame('Z', Buffer.from('I')), Buffer.from('Edgar Smith 4111-1111')];
  assert.throws(
    () => decode(new FrameDecoder(), chunks),
    (error) => error instanceof ProtocolError && !error.message.includes('dgar'),
  );
});

test('what is kept outlives the bytes it came in, and what comes next goes behind it', () => {
  const decoder = new FrameDecoder();
  const lent = Buffer.concat([frame('Z', Buffer.from('I')), frame('N', Buffer.from('note'))]);
  decoder.push(lent, 0, lent.length);
  assert.ok(decoder.next());
  decoder.keep();
  assert.equal(decoder.bufferedBytes, 9);
  lent.fill(0xa5);
  assert.deepEqual(decode(decoder, [frame('D', Buffer.from('row'))]), [
    [0x4e, 'note'],
    [0x44, 'row'],
  ]);
});
