/**
 * Gathers what is written to connections during one turn of the event loop, so that each of them needs
 * one system call for it, however many queries there are.
 *
 * The system call is the dearest single thing that a query costs the client; setImmediate, which runs behind all
 * reads of the turn and the awaits they wake, measured better than nextTick (docs/design/performance.md).
 */

export interface Flushable {
  flush(): void;
}

export class FlushQueue {
  readonly #schedule: (flush: () => void) => void;
  #waiting: Flushable[] = [];
  #spare: Flushable[] = [];

  constructor(schedule: (flush: () => void) => void) {
    this.#schedule = schedule;
  }

  /** Callers add themselves at most once until they are flushed. */
  add(flushable: Flushable): void {
    if (this.#waiting.push(flushable) === 1) this.#schedule(this.#flush);
  }

  readonly #flush = (): void => {
    const ready = this.#waiting;
    this.#waiting = this.#spare;
    for (const flushable of ready) flushable.flush();
    ready.length = 0;
    this.#spare = ready;
  };
}

/** The one of this process: connections of all pools share its turns. */
export const flushQueue = new FlushQueue((flush) => setImmediate(flush));
