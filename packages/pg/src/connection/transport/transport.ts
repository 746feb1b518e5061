/**
 * Bytes to and from one server over TCP, TLS, a unix socket or a stream that the program gives. It knows
 * nothing of Postgres; that TLS was negotiated before is seen to by index.ts.
 *
 * Invariants: `closed` is called exactly once, and no event comes after it; an error event of the socket
 * never goes unheard.
 */
import type {Duplex} from 'node:stream';
import {TLSSocket} from 'node:tls';

export interface TransportEvents {
  /** The bytes are only lent for the length of the call. */
  bytes(buffer: Buffer, start: number, end: number): void;
  closed(error: Error | undefined): void;
}

export class Transport {
  readonly encrypted: boolean;
  readonly #socket: Duplex;
  /** What is below TLS; the same without it. */
  readonly #carrier: Duplex;
  #events: TransportEvents | undefined;
  #open = true;
  #failure: Error | undefined;

  constructor(socket: Duplex, carrier: Duplex) {
    this.encrypted = socket !== carrier;
    this.#socket = socket;
    this.#carrier = carrier;
    socket.on('data', (chunk: Buffer) => this.#events?.bytes(chunk, 0, chunk.length));
    socket.on('error', (error) => {
      this.#failure ??= error;
    });
    // The server never half-closes: an end is the end.
    socket.on('end', () => socket.destroy());
    socket.on('close', () => this.#closed());
  }

  get open(): boolean {
    return this.#open;
  }

  /** Bytes that the kernel has not taken yet. */
  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  /** The certificate that the server showed, in DER. */
  get peerCertificate(): Buffer | undefined {
    return this.#socket instanceof TLSSocket ? this.#socket.getPeerCertificate().raw : undefined;
  }

  listen(events: TransportEvents): void {
    this.#events = events;
    // Paused since the answer about TLS, so that no byte was lost in between.
    this.#socket.resume();
    if (!this.#open) queueMicrotask(() => events.closed(this.#failure));
  }

  write(bytes: Buffer): void {
    if (this.#open) this.#socket.write(bytes);
  }

  /** Sends the last bytes and closes in order. */
  end(bytes: Buffer): void {
    if (this.#open) this.#socket.end(bytes, () => this.#socket.destroy());
  }

  destroy(): void {
    this.#socket.destroy();
    this.#carrier.destroy();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Work is under way: it keeps the process alive. */
  ref(): void {
    for (const stream of this.#layers()) if (isReferable(stream)) stream.ref();
  }

  unref(): void {
    for (const stream of this.#layers()) if (isReferable(stream)) stream.unref();
  }

  /** TLS on a stream that is no socket of Node's does not pass `unref` on to it. */
  #layers(): readonly Duplex[] {
    return this.encrypted ? [this.#socket, this.#carrier] : [this.#socket];
  }

  #closed(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#events?.closed(this.#failure);
  }
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
