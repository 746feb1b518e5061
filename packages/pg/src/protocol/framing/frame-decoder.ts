/**
 * Cuts the stream of a server's bytes into frames: type byte, Int32 length, body.
 *
 * It knows tags and length bounds, not what is in a body. Pull-based, so that reading can pause.
 *
 * Invariants: a header is refused before anything is allocated for it; memory grows with the bytes that
 * came, never with the length that was announced (above AT_ONCE_BYTES); each byte is copied a bounded number
 * of times, and not at all while whole frames come in one chunk; no allocation per frame.
 */
import type {ProtocolError} from '../../errors';
import {SOLE_FRAME_BYTES, allocateFrame, takeBackFrame} from '../bytes/frame-memory';
import {DEFAULT_MAX_FRAME_BYTES, backendFrameBounds} from './frame-bounds';
import {refuseHeader} from './refuse-header';

/** Type byte and length. */
export const FRAME_HEADER_BYTES = 5;

// A frame cut by the end of a chunk is collected in memory of this size, which is kept for the next one.
// Frames larger than it grow the memory, at most doubling, and give it back when the stream gets quiet.
const KEPT_TAIL_BYTES = 4096;

// Up to here an announced length is believed at once, which saves the copies of growing. Memory that is not
// written yet costs nothing, so a server that lies takes less from us than its bytes take from it.
const AT_ONCE_BYTES = 4 * 1024 * 1024;

/** Less is read together with what follows it. */
const LEAST_ROOM_BYTES = 65_536;

const NOTHING = Buffer.alloc(0);

/** The same for all connections, and read only. */
const DEFAULT_BOUNDS = backendFrameBounds(DEFAULT_MAX_FRAME_BYTES);

export interface FrameDecoderOptions {
  /** The longest frame that is accepted, in bytes. Default 1 GiB, the most that Postgres can send. */
  readonly maxFrameBytes?: number;
}

export class FrameDecoder {
  /** Type byte of the current frame. */
  tag = 0;
  /** The current frame's body is `buffer[start..end)`. Valid until `next()` returns false. */
  buffer: Buffer = NOTHING;
  start = 0;
  end = 0;

  private readonly bounds: Uint32Array;
  private chunk: Buffer = NOTHING;
  private chunkOffset = 0;
  private chunkEnd = 0;
  /** The frame that was cut, header included, in `tail[0..tailBytes)`. */
  private tail: Buffer = NOTHING;
  private tailBytes = 0;
  /** What `room` gave, until bytes come. */
  private room: Buffer | undefined;
  private hasSeenFrame = false;

  constructor(options: FrameDecoderOptions = {}) {
    const {maxFrameBytes} = options;
    this.bounds = maxFrameBytes === undefined ? DEFAULT_BOUNDS : backendFrameBounds(maxFrameBytes);
  }

  /** Bytes that were pushed and are not part of a frame that was drawn. */
  get bufferedBytes(): number {
    return this.tailBytes + this.chunkEnd - this.chunkOffset;
  }

  /**
   * Adds `buffer[start..end)` to the stream. The bytes stay the caller's: they have to keep until `next()`
   * returned false, and may be overwritten then.
   */
  push(buffer: Buffer, start: number, end: number): void {
    const {room} = this;
    this.room = undefined;
    if (buffer === room) {
      this.tailBytes += end - start;
      return;
    }
    if (this.chunkOffset < this.chunkEnd) {
      // Pushed before the last chunk was drawn: rare (a pause that came late), so one copy of both will do.
      const rest = this.chunk.subarray(this.chunkOffset, this.chunkEnd);
      this.chunk = Buffer.concat([rest, buffer.subarray(start, end)]);
      this.chunkOffset = 0;
      this.chunkEnd = this.chunk.length;
      return;
    }
    this.chunk = buffer;
    this.chunkOffset = start;
    this.chunkEnd = end;
  }

  /**
   * Where more of a large frame may be read to, which saves copying it there; `push` then knows the buffer again.
   * Undefined where there is no such frame, or little of it is missing.
   */
  lendRoom(): Buffer | undefined {
    if (this.tailBytes < FRAME_HEADER_BYTES || this.chunkOffset < this.chunkEnd) return undefined;
    const end = Math.min(this.tail.length, 1 + this.readLength(this.tail, 0));
    if (end - this.tailBytes < LEAST_ROOM_BYTES) return undefined;
    this.room = this.tail.subarray(this.tailBytes, end);
    return this.room;
  }

  /** For a caller who stops drawing before `next()` returned false and gives its bytes away: copies what is left. */
  keep(): void {
    this.chunk = Buffer.from(this.chunk.subarray(this.chunkOffset, this.chunkEnd));
    this.chunkEnd -= this.chunkOffset;
    this.chunkOffset = 0;
  }

  /**
   * Goes to the next frame. False: there is no whole one; what is there of it has been copied.
   * @throws {ProtocolError} What comes next cannot be a frame. The stream is of no use any more.
   */
  next(): boolean {
    if (this.tailBytes !== 0) return this.nextFromTail();
    const at = this.chunkOffset;
    if (this.chunkEnd - at < FRAME_HEADER_BYTES) return this.saveTail();
    const chunk = this.chunk;
    const tag = chunk[at] ?? 0;
    const length = this.readLength(chunk, at);
    const end = at + 1 + length;
    if (end > this.chunkEnd) return this.saveTail();
    this.tag = tag;
    this.buffer = chunk;
    this.start = at + FRAME_HEADER_BYTES;
    this.end = end;
    this.chunkOffset = end;
    this.hasSeenFrame = true;
    return true;
  }

  /** The length word of the header at `at`, checked. */
  private readLength(bytes: Buffer, at: number): number {
    const length =
      ((bytes[at + 1] ?? 0) << 24) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 8) |
      (bytes[at + 4] ?? 0);
    const bound = this.bounds[bytes[at] ?? 0] ?? 0;
    if (length < 4 || length > bound) throw this.refuse(bound);
    return length;
  }

  /** Goes on with the frame that was cut. */
  private nextFromTail(): boolean {
    if (this.tailBytes < FRAME_HEADER_BYTES && !this.fillTail(FRAME_HEADER_BYTES))
      return this.drained();
    if (!this.fillTail(1 + this.readLength(this.tail, 0))) return this.drained();
    this.tag = this.tail[0] ?? 0;
    this.buffer = this.tail;
    this.start = FRAME_HEADER_BYTES;
    this.end = this.tailBytes;
    this.tailBytes = 0;
    this.hasSeenFrame = true;
    return true;
  }

  /** Copies the frame that the chunk ends in, so that the caller may overwrite the chunk. */
  private saveTail(): false {
    if (this.chunkOffset < this.chunkEnd) {
      // The frames drawn so far are done with, so the memory of the last tail is free again.
      const total =
        this.chunkEnd - this.chunkOffset < FRAME_HEADER_BYTES
          ? FRAME_HEADER_BYTES
          : 1 + this.readLength(this.chunk, this.chunkOffset);
      this.fillTail(total);
    } else if (this.tail.length > KEPT_TAIL_BYTES) {
      this.tail = NOTHING;
    }
    return this.drained();
  }

  /** Moves bytes of the chunk behind the tail until it has `totalBytes`; whether it does. */
  private fillTail(totalBytes: number): boolean {
    if (this.tailBytes === 0 && this.tail.length >= SOLE_FRAME_BYTES && !takeBackFrame(this.tail)) {
      this.tail = NOTHING;
    }
    const available = this.chunkEnd - this.chunkOffset;
    const tailEnd = Math.min(totalBytes, this.tailBytes + available);
    if (tailEnd > this.tail.length) {
      const doubled = Math.max(
        2 * this.tail.length,
        KEPT_TAIL_BYTES,
        tailEnd,
        Math.min(totalBytes, AT_ONCE_BYTES),
      );
      const sizeBytes = Math.min(doubled, Math.max(totalBytes, KEPT_TAIL_BYTES));
      const grown =
        sizeBytes === totalBytes ? allocateFrame(sizeBytes) : Buffer.allocUnsafeSlow(sizeBytes);
      this.tail.copy(grown, 0, 0, this.tailBytes);
      this.tail = grown;
    }
    const consumed = tailEnd - this.tailBytes;
    this.chunk.copy(this.tail, this.tailBytes, this.chunkOffset, this.chunkOffset + consumed);
    this.tailBytes = tailEnd;
    this.chunkOffset += consumed;
    return tailEnd === totalBytes;
  }

  /** Lets go of the caller's memory. */
  private drained(): false {
    this.chunk = NOTHING;
    this.chunkOffset = 0;
    this.chunkEnd = 0;
    this.buffer = NOTHING;
    this.start = 0;
    this.end = 0;
    return false;
  }

  private refuse(bound: number): ProtocolError {
    const rest = this.chunk.subarray(this.chunkOffset, this.chunkEnd);
    const received = Buffer.concat([this.tail.subarray(0, this.tailBytes), rest.subarray(0, 256)]);
    return refuseHeader(received, !this.hasSeenFrame, bound);
  }
}
