/**
 * Sends the items of a source as the data of a COPY, no faster than the socket takes them.
 *
 * Invariants: at most one message of data waits in this process, beside what the socket holds, and none is made
 * while the socket holds any; nothing is read from the source once the server takes no more.
 */
import {setImmediate as turn} from 'node:timers/promises';
import {largeChunks} from '../../connection';
import type {Connection, CopyIn} from '../../connection';
import {CopyData} from '../../copy';
import type {RowEncoder} from '../../copy';
import {bytesOfItem, isRow, mixed} from './copy-item';
import type {SourceReader} from './copy-source';

export class CopySender {
  readonly #connection: Connection;
  readonly #copy: CopyIn;
  readonly #encoder: RowEncoder | undefined;
  readonly #data = new CopyData(largeChunks);
  /** How many items were sent, the present one included. */
  #count = 0;

  /** @param encoder Absent: the items are the data itself. */
  constructor(connection: Connection, copy: CopyIn, encoder: RowEncoder | undefined) {
    this.#connection = connection;
    this.#copy = copy;
    this.#encoder = encoder;
  }

  /**
   * Sends all items and ends the data. Ends early, without an error, when the server takes no more.
   * @throws What the source throws. @throws {ValueError} An item that cannot be sent.
   */
  async send(first: IteratorResult<unknown, unknown>, source: SourceReader): Promise<void> {
    const copy = this.#copy;
    const encoder = this.#encoder;
    if (encoder !== undefined) this.#data.start(encoder);
    let step = first;
    while (step.done !== true) {
      const sent = encoder === undefined ? this.#bytes(step.value) : this.#row(encoder, step.value);
      // Nearly all items only fill memory: they are not worth a turn of the event loop each.
      if (sent !== undefined) await sent;
      if (!copy.open) return;
      const next = source.next();
      step = next instanceof Promise ? await next : next;
      if (!copy.open) return;
    }
    if (encoder !== undefined) this.#data.end(encoder);
    if (!this.#data.empty) this.#connection.writeThrough(this.#data.take());
    copy.done();
  }

  #row(encoder: RowEncoder, item: unknown): Promise<void> | undefined {
    this.#count++;
    if (!isRow(item)) throw mixed(item, this.#count, 'a row');
    this.#data.row(encoder, item);
    return this.#data.full ? this.#flush() : undefined;
  }

  #bytes(item: unknown): Promise<void> | undefined {
    this.#count++;
    if (isRow(item)) throw mixed(item, this.#count, 'a string or bytes');
    const bytes = bytesOfItem(item, this.#count);
    const taken = this.#data.bytes(bytes, 0);
    if (taken < bytes.length) return this.#rest(bytes, taken);
    return this.#data.full ? this.#flush() : undefined;
  }

  async #rest(bytes: Uint8Array, from: number): Promise<void> {
    for (let at = from; at < bytes.length; at = this.#data.bytes(bytes, at)) {
      await this.#flush();
      if (!this.#copy.open) return;
    }
  }

  /** A turn of the event loop at least, so that errors of the server and other work of the process are heard. */
  async #flush(): Promise<void> {
    this.#connection.writeThrough(this.#data.take());
    await (this.#connection.drained() ?? turn());
  }
}
