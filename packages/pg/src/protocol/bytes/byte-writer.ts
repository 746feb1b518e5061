/**
 * The growable output of frontend messages: frames are written one behind the other and taken together.
 *
 * It does not know any message and does no I/O.
 *
 * Invariants: bytes that were taken are never written again (a socket may still be sending them);
 * a write that throws inside an open frame leaves nothing of that frame; at most one frame is open.
 * Positions handed out (`begin`, `mark`) count from the last `take()`, so growing does not move them.
 */
import {ValueError} from '../../errors';
import type {Chunk} from './chunk';
import {allocateChunk} from './chunk';
import {isWellFormed, loneSurrogateError, nulError} from './encodable-text';
import {LARGE_CHUNK_BYTES} from './large-chunks';
import type {LargeChunks} from './large-chunks';
import {hasReplacement, writeLargeText} from './large-text';
import type {SpareChunks} from './spare-chunks';

const DEFAULT_CHUNK_BYTES = 16_384;
const SMALLEST_CHUNK_BYTES = 64;

// Postgres reads no message longer than MaxAllocSize - 1 (PQ_LARGE_MESSAGE_LIMIT in libpq/libpq.h).
const MAX_FRAME_BYTES = 0x3fff_fffe;

// Up to here a loop over char codes beats the call into C++ that utf8Write is.
const SHORT_TEXT_LENGTH = 24;

// Three bytes per char (48 KiB here) is what a single pass reserves.
const SINGLE_PASS_LENGTH = 16_384;

// What follows the last large value of a message (formats, Execute, Sync) would double a chunk without room.
export const GROWTH_SLACK_BYTES = 256;

const NO_CHUNK = allocateChunk(0);

const NO_FRAME = -1;

function outOfRange(type: string, value: number): ValueError {
  return new ValueError(`${value} does not fit the protocol's ${type}`, {
    code: 'PG_PARAMETER_INVALID',
  });
}

function frameTooLong(sizeBytes: number): ValueError {
  return new ValueError(
    `The message would have at least ${sizeBytes} bytes; Postgres reads at most ${MAX_FRAME_BYTES} (1 GiB). ` +
      'Send the data in parts, for example with COPY or as large objects',
    {code: 'PG_PARAMETER_INVALID'},
  );
}

// Plain fields and methods, not `#`: this is the hottest code of the sending side, and private methods
// cost a brand check in the V8 of Node 20.
export class ByteWriter {
  private readonly chunkBytes: number;
  private readonly spares: SpareChunks | undefined;
  private readonly large: LargeChunks | undefined;
  private chunk: Chunk = NO_CHUNK;
  private start = 0;
  private position = 0;
  private frameStart = NO_FRAME;

  /**
   * @param chunkBytes Size of the memory that messages are written to; allocated by the first write.
   * @param spares Where that memory comes from and goes to, shared by writers with the same `chunkBytes`.
   * @param large Where the memory for large messages comes from. Whoever takes one gives that back when it is sent.
   */
  constructor(chunkBytes: number = DEFAULT_CHUNK_BYTES, spares?: SpareChunks, large?: LargeChunks) {
    this.chunkBytes = Math.max(chunkBytes, SMALLEST_CHUNK_BYTES);
    this.spares = spares;
    this.large = large;
  }

  /** Bytes written since the last `take()`. */
  get pendingBytes(): number {
    return this.position - this.start;
  }

  /** Opens a frame: writes its tag and leaves room for its length. Returns what `end()` wants to know. */
  begin(tag: number): number {
    const position = this.reserve(5);
    const frame = this.open(position);
    this.chunk[position] = tag;
    this.position = position + 5;
    return frame;
  }

  /** Opens a frame without a tag, as the messages before authentication are. */
  beginUntagged(): number {
    const position = this.reserve(4);
    const frame = this.open(position);
    this.position = position + 4;
    // `end()` fills the four bytes behind the tag: here these are the first four.
    return frame - 1;
  }

  /**
   * Closes the frame: fills in its length.
   * @throws {ValueError} `PG_PARAMETER_INVALID`: longer than Postgres reads. The frame is undone.
   */
  end(frame: number): void {
    const at = this.start + frame + 1;
    const length = this.position - at;
    if (length > MAX_FRAME_BYTES) throw this.undone(frameTooLong(length));
    this.fill32(at, length);
    this.frameStart = NO_FRAME;
  }

  int8(value: number): void {
    if ((value << 24) >> 24 !== value) throw this.undone(outOfRange('Int8', value));
    const position = this.reserve(1);
    this.chunk[position] = value;
    this.position = position + 1;
  }

  uint8(value: number): void {
    if ((value & 0xff) !== value) throw this.undone(outOfRange('unsigned Int8', value));
    const position = this.reserve(1);
    this.chunk[position] = value;
    this.position = position + 1;
  }

  int16(value: number): void {
    if ((value << 16) >> 16 !== value) throw this.undone(outOfRange('Int16', value));
    this.put16(value);
  }

  /** The counts of Bind and Parse are unsigned, whatever the documentation's `Int16` says. */
  uint16(value: number): void {
    if ((value & 0xffff) !== value) throw this.undone(outOfRange('unsigned Int16', value));
    this.put16(value);
  }

  int32(value: number): void {
    if ((value | 0) !== value) throw this.undone(outOfRange('Int32', value));
    this.put32(value);
  }

  /** For OIDs and process ids. */
  uint32(value: number): void {
    if (value >>> 0 !== value) throw this.undone(outOfRange('unsigned Int32', value));
    this.put32(value);
  }

  float32(value: number): void {
    const position = this.reserve(4);
    this.position = this.chunk.writeFloatBE(value, position);
  }

  float64(value: number): void {
    const position = this.reserve(8);
    this.position = this.chunk.writeDoubleBE(value, position);
  }

  /**
   * Writes the text in UTF-8 and nothing else.
   * @throws {ValueError} `PG_PARAMETER_INVALID`: NUL or a lone surrogate in it. The open frame is undone.
   */
  utf8(text: string): void {
    this.text(text);
  }

  /** Fills in the Int32 that was written at `mark`: the number of bytes behind it. */
  fillLength(mark: number): void {
    const at = this.start + mark;
    this.fill32(at, this.position - at - 4);
  }

  /**
   * Writes the text in UTF-8 and a NUL behind it.
   * @throws {ValueError} `PG_PARAMETER_INVALID`: NUL or a lone surrogate in it. The open frame is undone.
   */
  cstring(text: string): void {
    this.text(text);
    const position = this.reserve(1);
    this.chunk[position] = 0;
    this.position = position + 1;
  }

  /** Copies the bytes. */
  bytes(bytes: Uint8Array): void {
    const position = this.reserve(bytes.length);
    this.chunk.set(bytes, position);
    this.position = position + bytes.length;
  }

  /**
   * Writes the length in bytes (Int32) and the text in UTF-8, in one pass over the text.
   * @throws {ValueError} `PG_PARAMETER_INVALID`: NUL or a lone surrogate in it. The open frame is undone.
   */
  utf8WithLength(text: string): void {
    const position = this.reserve(4);
    const lengthOffset = position - this.start;
    this.position = position + 4;
    this.text(text);
    // Writing the text may have moved everything into a larger chunk.
    const at = this.start + lengthOffset;
    this.fill32(at, this.position - at - 4);
  }

  /** A place to `rollback()` to. Valid until the next `take()`. */
  mark(): number {
    return this.position - this.start;
  }

  /** Undoes everything written since the mark, an open frame included. */
  rollback(mark: number): void {
    this.position = this.start + mark;
    this.frameStart = NO_FRAME;
    // A chunk that grew for a large message would stay until the next one is written.
    if (mark === 0 && this.chunk.length > this.chunkBytes) this.letGo();
  }

  /** The pending bytes as one view. They belong to the caller: the writer goes on behind them. */
  take(): Buffer {
    if (this.frameStart !== NO_FRAME) throw new Error('take() inside a frame: end() it first');
    const taken = this.chunk.subarray(this.start, this.position);
    const roomBytes = this.chunk.length - this.position;
    // A chunk that grew for one large message would otherwise stay for as long as its connection.
    if (roomBytes < this.chunkBytes / 4 || this.chunk.length > this.chunkBytes) {
      this.chunk = NO_CHUNK;
      this.position = 0;
    } else if (this.spares !== undefined) {
      this.spares.giveBack(this.chunk, this.position);
      this.chunk = NO_CHUNK;
      this.position = 0;
    }
    this.start = this.position;
    return taken;
  }

  /** For `writeLargeText`. */
  roomFor(sizeBytes: number): Uint8Array {
    // Reserving may move everything into a larger chunk.
    const position = this.reserve(sizeBytes);
    return this.chunk.subarray(position);
  }

  /**
   * Where in `memory` the next bytes go, for who writes them there without this writer: at least `sizeBytes` fit.
   * Holds until anything else is written here; `wrote` says how many they were.
   */
  room(sizeBytes: number): number {
    return this.reserve(sizeBytes);
  }

  get memory(): Uint8Array {
    return this.chunk;
  }

  /** So many bytes were written to the memory of `room` or `roomFor`. */
  wrote(sizeBytes: number): void {
    this.position += sizeBytes;
  }

  private open(position: number): number {
    if (this.frameStart !== NO_FRAME) throw new Error('begin() inside a frame: end() it first');
    this.frameStart = position - this.start;
    return this.frameStart;
  }

  private text(text: string): void {
    const length = text.length;
    if (length > SHORT_TEXT_LENGTH) {
      this.longText(text);
      return;
    }
    const position = this.reserve(length);
    const chunk = this.chunk;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code === 0 || code > 0x7f) {
        this.longText(text);
        return;
      }
      chunk[position + index] = code;
    }
    this.position = position + length;
  }

  private longText(text: string): void {
    const length = text.length;
    if (length > SINGLE_PASS_LENGTH) {
      this.largeText(text);
      return;
    }
    if (text.includes('\0')) throw this.undone(nulError(text));
    const position = this.reserve(length * 3);
    const writtenBytes = this.chunk.utf8Write(text, position);
    // Pure ASCII has no surrogates: only other text pays for the second look.
    if (writtenBytes !== length && !isWellFormed(text)) throw this.undone(loneSurrogateError(text));
    this.position = position + writtenBytes;
  }

  // Looking through the bytes takes a tenth of the time that looking through the characters takes.
  private largeText(text: string): void {
    const mark = this.mark();
    writeLargeText(text, this);
    const written = this.chunk.subarray(this.start + mark, this.position);
    if (written.includes(0)) throw this.undone(nulError(text));
    if (written.length !== text.length && hasReplacement(written) && !isWellFormed(text)) {
      throw this.undone(loneSurrogateError(text));
    }
  }

  private put16(value: number): void {
    const position = this.reserve(2);
    const chunk = this.chunk;
    chunk[position] = value >>> 8;
    chunk[position + 1] = value;
    this.position = position + 2;
  }

  private put32(value: number): void {
    const position = this.reserve(4);
    this.fill32(position, value);
    this.position = position + 4;
  }

  private fill32(at: number, value: number): void {
    const chunk = this.chunk;
    chunk[at] = value >>> 24;
    chunk[at + 1] = value >>> 16;
    chunk[at + 2] = value >>> 8;
    chunk[at + 3] = value;
  }

  /** Where the next bytes go: at least `sizeBytes` fit there. Reserving writes nothing. */
  private reserve(sizeBytes: number): number {
    return this.position + sizeBytes <= this.chunk.length ? this.position : this.grow(sizeBytes);
  }

  private grow(sizeBytes: number): number {
    const pendingBytes = this.position - this.start;
    if (pendingBytes === 0 && this.borrow(sizeBytes)) return this.position;
    const frameBytes =
      this.frameStart === NO_FRAME ? sizeBytes : pendingBytes - this.frameStart + sizeBytes;
    if (frameBytes > MAX_FRAME_BYTES + 1) throw this.undone(frameTooLong(frameBytes));
    const neededBytes = pendingBytes + sizeBytes;
    const chunk = this.allocate(
      neededBytes <= this.chunkBytes
        ? this.chunkBytes
        : Math.max(neededBytes + GROWTH_SLACK_BYTES, 2 * this.chunk.length),
    );
    chunk.set(this.chunk.subarray(this.start, this.position));
    this.letGo();
    this.chunk = chunk;
    this.position = pendingBytes;
    return pendingBytes;
  }

  private allocate(sizeBytes: number): Chunk {
    return this.large === undefined || sizeBytes < LARGE_CHUNK_BYTES
      ? allocateChunk(sizeBytes)
      : this.large.lend(sizeBytes);
  }

  /** Gives the chunk to other writers, with what is pending in it: that was never given to a socket. */
  private letGo(): void {
    const {chunk, start} = this;
    if (chunk.length > this.chunkBytes) this.large?.giveBack(chunk);
    else if (chunk.length - start >= this.chunkBytes / 4) this.spares?.giveBack(chunk, start);
    this.chunk = NO_CHUNK;
    this.start = 0;
    this.position = 0;
  }

  /** Whether there was a spare chunk and `sizeBytes` fit there. */
  private borrow(sizeBytes: number): boolean {
    if (this.chunk !== NO_CHUNK || this.spares === undefined) return false;
    const chunk = this.spares.borrow();
    if (chunk === undefined) return false;
    this.chunk = chunk;
    this.start = this.spares.offset;
    this.position = this.start;
    return this.position + sizeBytes <= chunk.length;
  }

  /** Passes the error on, after undoing the open frame. */
  private undone(error: ValueError): ValueError {
    if (this.frameStart !== NO_FRAME) this.rollback(this.frameStart);
    return error;
  }
}
