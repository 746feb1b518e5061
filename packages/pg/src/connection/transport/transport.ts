/**
 * Bytes to and from one server over TCP, TLS, a unix socket or a stream that the program gives. It knows
 * nothing of Postgres; that TLS was negotiated before is seen to by index.ts.
 *
 * Invariants: `closed` is called exactly once, and no event comes after it; an error event of the socket
 * never goes unheard.
 */
import type {Duplex} from 'node:stream';
import type {TLSSocket} from 'node:tls';
import type {LentReads} from './lent-reads';
import {certificateOf} from './server-identity';

export interface TransportEvents {
  /** The bytes are only lent for the length of the call. */
  bytes(buffer: Buffer, start: number, end: number): void;
  /** Memory that the next bytes should be read to, where there is something better than to lend them. */
  room?(): Buffer | undefined;
  closed(error: Error | undefined): void;
}

/** How long the server may take to close its side; a backend at rest takes a few milliseconds. */
const CLOSE_WITHIN_MILLISECONDS = 500;

export class Transport {
  readonly encrypted: boolean;
  readonly #socket: Duplex;
  /** What is below TLS; the same without it. */
  readonly #carrier: Duplex;
  readonly #reads: LentReads | undefined;
  readonly #copies: boolean;
  #events: TransportEvents | undefined;
  #open = true;
  #farewell: NodeJS.Timeout | undefined;
  #failure: Error | undefined;

  /**
   * @param reads How the bytes of the socket come, if not by `data` events.
   * @param copies Bytes whose write has succeeded are not read any more. A stream of the program's may keep them: one
   * that transforms says that it has written what still waits to be read at its other end.
   */
  constructor(socket: Duplex, carrier: Duplex, reads?: LentReads, copies = false) {
    this.encrypted = socket !== carrier;
    this.#socket = socket;
    this.#carrier = carrier;
    this.#reads = reads;
    this.#copies = copies;
    if (reads === undefined) {
      socket.on('data', (chunk: Buffer) => this.#events?.bytes(chunk, 0, chunk.length));
    }
    socket.on('error', (error) => {
      this.#failure ??= error;
    });
    socket.on('end', destroySocket);
    socket.on('close', () => this.#closed());
  }

  get open(): boolean {
    return this.#open;
  }

  /** Bytes that the kernel has not taken yet. */
  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  get peer(): {readonly address: string; readonly port: number} | undefined {
    const socket = this.#carrier;
    if (!('remoteAddress' in socket) || !('remotePort' in socket)) return undefined;
    const {remoteAddress: address, remotePort: port} = socket;
    return typeof address === 'string' && typeof port === 'number' ? {address, port} : undefined;
  }

  /** The certificate that the server showed, in DER. */
  get peerCertificate(): Buffer | undefined {
    return isSecured(this.#socket) ? certificateOf(this.#socket)?.raw : undefined;
  }

  listen(events: TransportEvents): void {
    if (!this.#open) {
      queueMicrotask(() => events.closed(this.#failure));
      return;
    }
    this.#events = events;
    if (this.#reads !== undefined) this.#reads.reader = events;
    // Paused since the answer about TLS, so that no byte was lost in between.
    this.resume();
  }

  write(bytes: Buffer): void {
    if (this.#open) this.#socket.write(bytes);
  }

  /** As `write`. Calls `free` when the memory of the bytes may be written to again; never, where that cannot be known. */
  writeLent(bytes: Buffer, free: (bytes: Buffer) => void): void {
    if (!this.#copies) return this.write(bytes);
    if (!this.#open) return;
    this.#socket.write(bytes, (error) => {
      if (error === undefined || error === null) free(bytes);
    });
  }

  /** Undefined when the socket wants more; else resolves when it has passed on what it holds, or has closed. */
  drained(): Promise<void> | undefined {
    const socket = this.#socket;
    if (!this.#open || !socket.writableNeedDrain) return undefined;
    return new Promise((resolve) => {
      const over = () => {
        socket.off('drain', over).off('close', over);
        resolve();
      };
      socket.on('drain', over).on('close', over);
    });
  }

  /**
   * Sends the last bytes and closes in order, when the server has closed too: a backend leaves pg_stat_activity, and
   * its place under max_connections, before it lets go of the socket. One that does not answer is not waited for.
   */
  end(bytes: Buffer): void {
    if (!this.#open) return;
    this.resume();
    this.#socket.end(bytes);
    this.#farewell = setTimeout(() => this.destroy(), CLOSE_WITHIN_MILLISECONDS);
  }

  destroy(): void {
    this.#socket.destroy();
    this.#carrier.destroy();
  }

  /** Bytes that are on their way already may still come, once. */
  pause(): void {
    if (this.#reads !== undefined) this.#reads.paused = true;
    this.#socket.pause();
  }

  resume(): void {
    if (this.#reads !== undefined) this.#reads.paused = false;
    this.#socket.resume();
  }

  /** Work is under way: it keeps the process alive. */
  ref(): void {
    if (isReferable(this.#socket)) this.#socket.ref();
    if (this.encrypted && isReferable(this.#carrier)) this.#carrier.ref();
  }

  unref(): void {
    if (isReferable(this.#socket)) this.#socket.unref();
    // TLS on a stream that is no socket of Node's does not pass it on.
    if (this.encrypted && isReferable(this.#carrier)) this.#carrier.unref();
  }

  #closed(): void {
    if (!this.#open) return;
    this.#open = false;
    const events = this.#events;
    // Node's socket outlives the collections of young memory, and with it whatever it leads to: the whole connection.
    this.#events = undefined;
    if (this.#reads !== undefined) this.#reads.reader = undefined;
    clearTimeout(this.#farewell);
    events?.closed(this.#failure);
  }
}

/** The server never half-closes: an end is the end. */
function destroySocket(this: Duplex): void {
  this.destroy();
}

/** Asked in this way, it does not take loading node:tls. */
function isSecured(stream: Duplex): stream is TLSSocket {
  return 'getPeerCertificate' in stream;
}

/** A stream of the program's need not have what keeps a process alive. */
function isReferable(stream: Duplex): stream is Duplex & {ref(): unknown; unref(): unknown} {
  return (
    'ref' in stream &&
    typeof stream.ref === 'function' &&
    'unref' in stream &&
    typeof stream.unref === 'function'
  );
}
