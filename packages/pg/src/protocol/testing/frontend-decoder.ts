/**
 * Decodes the stream of a client's bytes, as a server sees it: first packets without a tag, up to and
 * including the startup message; then tagged messages.
 *
 * For tests: it copies, and keeps what is incomplete.
 */
import {ByteReader} from '../bytes/byte-reader';
import {readFrontendMessage, readStartupPacket} from './frontend-message';
import type {FrontendMessage} from './frontend-message';

export class FrontendDecoder {
  readonly #reader = new ByteReader();
  #pending: Buffer = Buffer.alloc(0);
  #headerBytes: 4 | 5;

  /** @param from `tagged` for a stream whose startup message was dealt with elsewhere. */
  constructor(from: 'startup' | 'tagged' = 'startup') {
    this.#headerBytes = from === 'startup' ? 4 : 5;
  }

  /** Bytes of a message that is not complete yet. */
  get bufferedBytes(): number {
    return this.#pending.length;
  }

  /**
   * The messages that the bytes complete. Nothing of the bytes is kept as a view.
   * @throws {ProtocolError} They are not what a client may send.
   */
  receive(bytes: Uint8Array): FrontendMessage[] {
    this.#pending = Buffer.concat([this.#pending, bytes]);
    const messages: FrontendMessage[] = [];
    for (let message = this.#next(); message !== undefined; message = this.#next()) {
      messages.push(message);
    }
    return messages;
  }

  #next(): FrontendMessage | undefined {
    const pending = this.#pending;
    const header = this.#headerBytes;
    if (pending.length < header) return undefined;
    const length = pending.readInt32BE(header - 4);
    const end = header - 4 + length;
    if (length < 4) {
      throw this.#reader.reset(pending, 0, header).malformed(`its length is ${length}`);
    }
    if (pending.length < end) return undefined;
    this.#pending = pending.subarray(end);
    const reader = this.#reader.reset(pending, header, end);
    if (header === 5) return readFrontendMessage(pending[0] ?? 0, reader);
    const packet = readStartupPacket(reader);
    if (packet.kind === 'StartupMessage') this.#headerBytes = 5;
    return packet;
  }
}
