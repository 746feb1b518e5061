/**
 * A bounds-checked cursor over the body of one frame.
 *
 * It does not know any message: who reads one says its name in `messageName`, for the errors.
 *
 * Invariants: no read passes `end`, whatever lengths and counts the bytes claim; what `bytes()` returns is
 * a view of memory that somebody else will overwrite: copy what outlives the frame.
 */
import {ProtocolError} from '../../errors';

const NOTHING = Buffer.alloc(0);

export class ByteReader {
  /** Where the next read starts, in `buffer`. */
  offset = 0;
  /** One behind the last byte of the body, in `buffer`. */
  end = 0;
  /** The message being read, as the protocol chapter calls it. */
  messageName = 'message';
  private buffer: Buffer = NOTHING;
  private start = 0;

  /** Points the reader at a body. One reader serves for many frames. */
  reset(buffer: Buffer, start: number, end: number): this {
    if (start < 0 || end < start || end > buffer.length) {
      throw new Error(`${start}..${end} is not within a buffer of ${buffer.length} bytes`);
    }
    this.buffer = buffer;
    this.start = start;
    this.offset = start;
    this.end = end;
    return this;
  }

  int8(): number {
    return (this.byteAt(this.take(1)) << 24) >> 24;
  }

  int16(): number {
    return (this.uint16() << 16) >> 16;
  }

  uint16(): number {
    const at = this.take(2);
    return (this.byteAt(at) << 8) | this.byteAt(at + 1);
  }

  int32(): number {
    const at = this.take(4);
    return (
      (this.byteAt(at) << 24) |
      (this.byteAt(at + 1) << 16) |
      (this.byteAt(at + 2) << 8) |
      this.byteAt(at + 3)
    );
  }

  uint32(): number {
    return this.int32() >>> 0;
  }

  /** The UTF-8 text up to the next NUL, which is passed over. */
  cstring(): string {
    const {buffer, offset, end} = this;
    let nul = offset;
    while (nul < end && buffer[nul] !== 0) nul++;
    if (nul === end) {
      throw this.malformed(`a string of it is not terminated within its ${end - this.start} bytes`);
    }
    this.offset = nul + 1;
    return buffer.toString('utf8', offset, nul);
  }

  /** The next `length` bytes, as a view: copy what outlives the frame. */
  bytes(length: number): Buffer {
    const at = this.take(length);
    return this.buffer.subarray(at, at + length);
  }

  /** The rest of the body, a character for each byte, as a key to look it up by. It stays to be read. */
  restAsKey(): string {
    return this.buffer.toString('latin1', this.offset, this.end);
  }

  /** Passes over the rest of the body. */
  skipRest(): void {
    this.offset = this.end;
  }

  /** Bytes of the body that were not read yet. */
  remaining(): number {
    return this.end - this.offset;
  }

  /**
   * Checks, before anything is allocated for them, that `count` elements can be in the rest of the body.
   * @throws {ProtocolError} They cannot.
   */
  expectRoomFor(count: number, elementBytes: number, elements: string): void {
    if (count * elementBytes > this.remaining()) {
      throw this.malformed(
        `it announces ${count} ${elements}, which takes ${count * elementBytes} bytes or more, ` +
          `and ${this.remaining()} are left`,
      );
    }
  }

  /** @throws {ProtocolError} The body has more bytes than the message. */
  expectEnd(messageName: string): void {
    if (this.offset !== this.end) {
      this.messageName = messageName;
      throw this.malformed(`${this.remaining()} bytes follow where the message should end`);
    }
  }

  /** The error for a body that is not what its message says, with the place that was reached. */
  malformed(what: string): ProtocolError {
    return new ProtocolError(
      `Malformed ${this.messageName}: ${what} ` +
        `(at byte ${this.offset - this.start} of its body of ${this.end - this.start})`,
    );
  }

  private byteAt(at: number): number {
    return this.buffer[at] ?? 0;
  }

  private take(length: number): number {
    const at = this.offset;
    if (length < 0 || length > this.end - at) {
      throw this.malformed(
        length < 0
          ? `it gives ${length} as a length`
          : `it needs ${length} more bytes and ${this.end - at} are left`,
      );
    }
    this.offset = at + length;
    return at;
  }
}
