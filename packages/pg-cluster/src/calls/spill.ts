/**
 * Bounds how many reads the primary serves in place of replicas: with all replicas out, their reads at once could take
 * from it what the writes need. Who finds no place waits for one, in order.
 *
 * Reads that have to see the primary, and those of a cluster without replicas, do not come here.
 */
import {ConnectionError, UsageError} from '@databases/pg';

interface Waiting {
  readonly enter: () => void;
  readonly fail: (error: unknown) => void;
}

export interface SpillSettings {
  /** The part of the primary's connections that may run such reads at a time. */
  readonly primarySpill: number;
  readonly failoverTimeoutMilliseconds: number;
}

export class Spill {
  readonly #settings: SpillSettings;
  readonly #began: (limit: number) => void;
  readonly #waiting = new Set<Waiting>();
  #running = 0;

  /** @param began Told when reads begin to wait, and not again until none waits. */
  constructor(settings: SpillSettings, began: (limit: number) => void) {
    this.#settings = settings;
    this.#began = began;
  }

  /**
   * Runs the read when there is a place for it.
   *
   * @param connections Of the primary's pool.
   * @throws {ConnectionError} `sent: 'no'`: there was none for `failoverTimeoutMilliseconds`, or never will be.
   * @throws The reason of the signal, if it is aborted while this waits.
   */
  async run<T>(
    connections: number,
    signal: AbortSignal | undefined,
    read: () => Promise<T>,
  ): Promise<T> {
    const limit = placesOf(connections, this.#settings.primarySpill);
    if (limit === 0) throw refused('primarySpill is 0');
    if (this.#running < limit) this.#running++;
    else await this.#place(limit, signal);
    try {
      return await read();
    } finally {
      this.#leave();
    }
  }

  /** The cluster was disposed of. */
  close(): void {
    const error = new UsageError(
      'the cluster was disposed of while this read waited for a place on the primary',
      {code: 'PG_USED_AFTER_END'},
    );
    for (const {fail} of this.#waiting) fail(error);
  }

  async #place(limit: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#waiting.size === 0) this.#began(limit);
    const {failoverTimeoutMilliseconds} = this.#settings;
    let stop: (() => void) | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const waits: Waiting = {
          enter: resolve,
          // At once, so that it is not given a place that it would never leave.
          fail: (error) => {
            this.#waiting.delete(waits);
            reject(error);
          },
        };
        this.#waiting.add(waits);
        const why = `it waited ${failoverTimeoutMilliseconds} ms behind ${limit} others`;
        const timer = setTimeout(() => waits.fail(refused(why)), failoverTimeoutMilliseconds);
        const abort = () => waits.fail(signal?.reason);
        signal?.addEventListener('abort', abort);
        stop = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', abort);
        };
      });
    } finally {
      stop?.();
    }
  }

  /** Gives the place to who has waited longest. */
  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#running--;
    else {
      this.#waiting.delete(next);
      next.enter();
    }
  }
}

function placesOf(connections: number, part: number): number {
  return part === 0 ? 0 : Math.max(1, Math.floor(connections * part));
}

function refused(why: string): ConnectionError {
  return new ConnectionError(
    `no replica can serve this read, and the primary has no place for it: ${why} (primarySpill). Nothing was sent.`,
    {code: 'PG_CONNECT_FAILED', sent: 'no'},
  );
}
