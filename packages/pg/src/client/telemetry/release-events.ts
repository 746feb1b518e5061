/**
 * Tells whoever wants to know, `attachDatabasePool` of `@vercel/functions` above all, that work has ended and its
 * connection is the pool's again.
 *
 * It is told in the asynchronous context of the work's caller, because that is how a platform knows which request to
 * keep the process alive for; the socket that the answer came from belongs to the request that connected. While nobody
 * listens, a query pays for one comparison. Invariant: what a listener throws reaches nobody's query.
 */
import {AsyncResource} from 'node:async_hooks';
import {UsageError, asError} from '../../errors';

export class ReleaseEvents {
  readonly #listeners = new Set<() => void>();
  readonly #report: (error: Error) => void;

  constructor(report: (error: Error) => void) {
    this.#report = report;
  }

  /** Somebody listens. */
  get wanted(): boolean {
    return this.#listeners.size > 0;
  }

  /**
   * Gives the function that ends it.
   * @throws {UsageError} `PG_INVALID_ARGUMENT`: another event, or no function.
   */
  on(event: 'release', listener: () => void): () => void {
    const given: {event: unknown; listener: unknown} = {event, listener};
    if (given.event !== 'release' || typeof given.listener !== 'function') {
      throw new UsageError(
        `on() takes 'release' and a function, not ${JSON.stringify(String(given.event))} and ${typeof given.listener}; other events are options of createConnectionPool (onError, onConnectionClosed, ...)`,
        {code: 'PG_INVALID_ARGUMENT'},
      );
    }
    // A function of its own, so that one that was given twice can be taken back once.
    const own = () => listener();
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Call it while the caller is there to be remembered. */
  after<T>(work: Promise<T>): Promise<T> {
    return work.finally(() => this.emit());
  }

  /** The same, for a connection that is given back by a function. */
  afterRelease(release: () => Promise<void> | undefined): () => Promise<void> | undefined {
    const tell = AsyncResource.bind(() => this.emit());
    return () => {
      const released = release();
      if (released !== undefined) return released.finally(tell);
      tell();
      return undefined;
    };
  }

  emit(): void {
    for (const listener of this.#listeners) {
      try {
        listener();
      } catch (error) {
        this.#report(asError(error));
      }
    }
  }
}
