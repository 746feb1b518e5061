/**
 * Gathers the data of a COPY into CopyData messages of about 64 KiB, each of which is one write to the socket.
 *
 * What was taken belongs to the taker. Bytes of the program are copied, so it may use them again at once.
 */
import {ByteWriter, FrontendTag} from '../protocol';
import type {RowEncoder} from './row-encoder';

/** From here on a message is sent. */
const MESSAGE_BYTES = 65_536;
/** A row that begins below the limit mostly ends within this, so that the memory does not have to grow. */
const SLACK_BYTES = 16_384;

export class CopyData {
  readonly #out = new ByteWriter(MESSAGE_BYTES + SLACK_BYTES);
  #frame: number | undefined;

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
    this.#frame ??= this.#out.begin(FrontendTag.CopyData);
  }
}
