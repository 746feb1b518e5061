/**
 * Gathers the data of a COPY into CopyData messages of about 112 KiB, each of which is one write to the socket.
 *
 * What was taken belongs to the taker, who gives its memory back to where it was lent. Bytes of the program are
 * copied, so it may use them again at once.
 */
import {ByteWriter, FrontendTag, GROWTH_SLACK_BYTES, LARGE_CHUNK_BYTES} from '../protocol';
import type {LargeChunks} from '../protocol';
import type {RowEncoder} from './row-encoder';

/** A row that begins below the limit mostly ends within this, so that the memory does not have to grow. */
const SLACK_BYTES = 16_384;
/** From here on a message is sent. The server takes as long for a row, whatever the size of the messages is. */
const MESSAGE_BYTES = LARGE_CHUNK_BYTES - SLACK_BYTES;
/** Below this a writer uses its memory for more than one message. */
const CHUNK_BYTES = LARGE_CHUNK_BYTES / 2;

export class CopyData {
  readonly #out: ByteWriter;
  #frame: number | undefined;

  /** @param memory Where that of the messages comes from. */
  constructor(memory: LargeChunks) {
    this.#out = new ByteWriter(CHUNK_BYTES, undefined, memory);
  }

  /** Whether enough is gathered to be sent. */
  get full(): boolean {
    return this.#out.pendingBytes >= MESSAGE_BYTES;
  }

  get empty(): boolean {
    return this.#frame === undefined;
  }

  start(encoder: RowEncoder): void {
    this.#begin();
    encoder.start(this.#out);
  }

  /** @throws {ValueError} A value that cannot be sent. What was gathered is of no use then. */
  row(encoder: RowEncoder, row: object): void {
    this.#begin();
    encoder.row(this.#out, row);
  }

  end(encoder: RowEncoder): void {
    this.#begin();
    encoder.end(this.#out);
  }

  /** Takes as much as one message holds, from `offset` on; gives where the rest begins. */
  bytes(bytes: Uint8Array, offset: number): number {
    this.#begin();
    const end = Math.min(
      bytes.length,
      offset + MESSAGE_BYTES - this.#out.pendingBytes + SLACK_BYTES / 2,
    );
    this.#out.bytes(offset === 0 && end === bytes.length ? bytes : bytes.subarray(offset, end));
    return end;
  }

  /** The message. Only where it is not empty. */
  take(): Buffer {
    if (this.#frame !== undefined) this.#out.end(this.#frame);
    this.#frame = undefined;
    return this.#out.take();
  }

  #begin(): void {
    if (this.#frame !== undefined) return;
    // At once as much as a message has, so that it is not moved.
    this.#out.room(LARGE_CHUNK_BYTES - GROWTH_SLACK_BYTES);
    this.#frame = this.#out.begin(FrontendTag.CopyData);
  }
}
