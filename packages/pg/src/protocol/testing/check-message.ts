/**
 * What every message has to keep to, as one check: it reads back as it was written, and neither a body that
 * was cut anywhere nor one with a byte too many is taken for it.
 */
import assert from 'node:assert/strict';

import {ProtocolError} from '../../errors';
import {ByteReader} from '../bytes/byte-reader';
import {ByteWriter} from '../bytes/byte-writer';

export interface MessageCheck<T> {
  write(w: ByteWriter): void;
  read(r: ByteReader): T;
  readonly expected: T;
  /** Bytes in front of the body: 5, or 4 without a tag, or 8 where the code is not part of `read`. */
  readonly headerBytes?: number;
  /** The rest of the body is data, so that neither a cut nor a longer one is malformed. */
  readonly isOpenEnded?: boolean;
}

/** The body of the one frame that is written, after checking its length word. */
export function bodyOf(write: (w: ByteWriter) => void, headerBytes = 5): Buffer {
  const writer = new ByteWriter();
  write(writer);
  const frame = writer.take();
  const lengthAt = headerBytes === 5 ? 1 : 0;
  assert.equal(frame.readInt32BE(lengthAt), frame.length - lengthAt, 'the length word');
  return frame.subarray(headerBytes);
}

/** @throws {AssertionError} The message does not keep to it. */
export function checkMessage<T>(check: MessageCheck<T>): void {
  const body = bodyOf((w) => check.write(w), check.headerBytes);
  // The neighbours are plausible bytes, so that a read past the end would succeed.
  const room = Buffer.concat([Buffer.alloc(7, 1), body, Buffer.alloc(64, 0)]);
  const start = 7;
  const end = start + body.length;
  const readTo = (to: number): T => check.read(new ByteReader().reset(room, start, to));
  assert.deepEqual(readTo(end), check.expected);
  if (check.isOpenEnded === true) return;
  for (let cut = start; cut < end; cut++) {
    assert.throws(
      () => readTo(cut),
      ProtocolError,
      `cut to ${cut - start} of ${body.length} bytes`,
    );
  }
  assert.throws(() => readTo(end + 1), ProtocolError, 'one byte more');
}
