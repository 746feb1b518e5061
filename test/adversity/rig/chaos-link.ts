/**
 * One proxied connection and what can be done to it.
 *
 * Phases: `passing` → `blackholed` | `closed`, `blackholed` → `closed`. Nothing is passed on in the last two.
 */
import type {Socket} from 'node:net';

export type Direction = 'toServer' | 'toClient';

/** Faults of the bytes of a link; each counts from the link's first byte. */
export interface LinkFaults {
  /** Holds each chunk back for so long, in both directions. */
  readonly latencyMilliseconds?: number;
  /** What the client gets at most per second. */
  readonly bytesPerSecondToClient?: number;
  /** Passes on exactly so many bytes of a direction and breaks the link there. */
  readonly cut?: {
    readonly direction: Direction;
    readonly afterBytes: number;
    readonly by: 'reset' | 'close' | 'blackhole';
  };
  /** Gives other bytes of the same length instead of these; `offset` is that of the first in its direction. */
  readonly corrupt?: (bytes: Buffer, direction: Direction, offset: number) => Buffer;
}

type Phase = 'passing' | 'blackholed' | 'closed';

export class Link {
  /** Bytes that came, by direction, passed on or not. */
  readonly received = {toServer: 0, toClient: 0};
  phase: Phase = 'passing';
  readonly #client: Socket;
  readonly #server: Socket | undefined;
  readonly #faults: LinkFaults;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #ended: () => void;
  /** When the client may get its next byte, by `performance.now()`. */
  #throttledUntil = 0;

  /** Without a server the link is a black hole from the start. */
  constructor(client: Socket, server: Socket | undefined, faults: LinkFaults, ended: () => void) {
    this.#client = client;
    this.#server = server;
    this.#faults = faults;
    this.#ended = ended;
    if (server === undefined) this.phase = 'blackholed';
    for (const socket of [client, server]) {
      socket?.setNoDelay(true);
      socket?.on('error', () => undefined);
      socket?.on('close', () => this.#closed());
    }
    client.on('data', (bytes: Buffer) => this.#pass(bytes, 'toServer'));
    server?.on('data', (bytes: Buffer) => this.#pass(bytes, 'toClient'));
    client.resume();
  }

  reset(): void {
    resetSocket(this.#client);
    if (this.#server !== undefined) resetSocket(this.#server);
  }

  close(): void {
    this.#client.end(() => this.#client.destroy());
    this.#server?.end();
  }

  /** From now on bytes are taken and lost. What was held back by latency is lost as well. */
  blackhole(): void {
    if (this.phase === 'passing') this.phase = 'blackholed';
    this.#client.resume();
    this.#server?.resume();
  }

  #pass(bytes: Buffer, direction: Direction): void {
    const offset = this.received[direction];
    this.received[direction] += bytes.length;
    if (this.phase !== 'passing') return;
    const {cut, corrupt, latencyMilliseconds = 0} = this.#faults;
    const kept =
      cut !== undefined && cut.direction === direction
        ? bytes.subarray(0, Math.max(0, cut.afterBytes - offset))
        : bytes;
    const passed = corrupt === undefined ? kept : corrupt(kept, direction, offset);
    const wait = latencyMilliseconds + this.#throttle(passed, direction);
    if (wait === 0) this.#deliver(passed, direction);
    else this.#later(wait, () => this.#deliver(passed, direction));
    if (cut?.direction === direction && offset + bytes.length >= cut.afterBytes) {
      this.#later(wait, () => this.#break(cut.by));
    }
  }

  #deliver(bytes: Buffer, direction: Direction): void {
    if (this.phase !== 'passing' || bytes.length === 0) return;
    const [from, to] =
      direction === 'toServer' ? [this.#client, this.#server] : [this.#server, this.#client];
    if (to === undefined || to.destroyed || to.write(bytes)) return;
    from?.pause();
    to.once('drain', () => from?.resume());
  }

  #throttle(bytes: Buffer, direction: Direction): number {
    const {bytesPerSecondToClient} = this.#faults;
    if (bytesPerSecondToClient === undefined || direction === 'toServer') return 0;
    const now = performance.now();
    const startsAt = Math.max(now, this.#throttledUntil);
    this.#throttledUntil = startsAt + (bytes.length / bytesPerSecondToClient) * 1000;
    // The sender feels it as well: nothing more is read from it until this is through.
    this.#server?.pause();
    this.#later(this.#throttledUntil - now, () => this.#server?.resume());
    return this.#throttledUntil - now;
  }

  #break(by: 'reset' | 'close' | 'blackhole'): void {
    if (by === 'reset') this.reset();
    else if (by === 'close') this.close();
    else this.blackhole();
  }

  #later(milliseconds: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, milliseconds);
    this.#timers.add(timer);
  }

  #closed(): void {
    if (this.phase === 'closed') return;
    // What the other side sent before it closed still has to arrive.
    const wasPassing = this.phase === 'passing';
    const finish = (): void => {
      if (this.phase === 'closed') return;
      this.phase = 'closed';
      for (const timer of this.#timers) clearTimeout(timer);
      this.#client.destroy();
      this.#server?.destroy();
      this.#ended();
    };
    if (wasPassing && this.#timers.size > 0 && !this.#client.destroyed) {
      this.#later((this.#faults.latencyMilliseconds ?? 0) + 1, finish);
    } else if (wasPassing && !this.#client.destroyed) {
      this.#client.end(finish);
    } else {
      finish();
    }
  }
}

/**
 * A socket that still writes is destroyed without RST of its own (the kernel sends one where bytes were left unread):
 * Node 20 never hears the end of a write that a reset cut off, and then waits for it for ever when the process ends.
 */
function resetSocket(socket: Socket): void {
  if (socket.writableLength > 0 || socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
