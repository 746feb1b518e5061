/**
 * Gathers what is written to connections, so that each of them needs one system call for it, however many
 * queries there are.
 *
 * The system call is the dearest single thing that a query costs the client. Where several connections are at work,
 * what one of them reads wakes code that writes to another: waiting for the end of the turn of the event loop, behind
 * all its reads, makes fewer and larger writes. Where there is one query at a time there is nothing to wait for, and the
 * turn would only cost time (figures in docs/design/performance/lanes.md).
 */

export interface Flushable {
  /** Exchanges without their answer, those to be flushed included. */
  readonly inFlight: number;
  flush(): void;
}

/** When to flush: each calls `flush` once, later. */
export interface Moments {
  /** Behind the code that runs now and the awaits that it wakes. */
  soon(flush: () => void): void;
  /** Behind all reads of this turn of the event loop. */
  endOfTurn(flush: () => void): void;
}

/** Up to so many connections at work, with so much in flight, a flush does not wait for the end of the turn. */
const FEW_BUSY = 1;
const FEW_IN_FLIGHT = 1;

export class FlushQueue {
  readonly #moments: Moments;
  // Two arrays in turn, emptied place by place: cutting them to no length would cost their memory each time.
  #waiting: (Flushable | undefined)[] = [];
  #count = 0;
  #spare: (Flushable | undefined)[] = [];
  /** Of those that add themselves: how many have work in flight. They keep the count. */
  busy = 0;

  constructor(moments: Moments) {
    this.#moments = moments;
  }

  /** Callers add themselves at most once until they are flushed. */
  add(flushable: Flushable): void {
    this.#waiting[this.#count++] = flushable;
    if (this.#count > 1) return;
    const few = this.busy <= FEW_BUSY && flushable.inFlight <= FEW_IN_FLIGHT;
    if (few) this.#moments.soon(this.#flush);
    else this.#moments.endOfTurn(this.#flush);
  }

  readonly #flush = (): void => {
    const ready = this.#waiting;
    const count = this.#count;
    this.#waiting = this.#spare;
    this.#spare = ready;
    this.#count = 0;
    for (let at = 0; at < count; at++) {
      const flushable = ready[at];
      ready[at] = undefined;
      flushable?.flush();
    }
  };
}

/** The one of this process: connections of all pools share its turns. */
export const flushQueue = new FlushQueue({
  soon: (flush) => process.nextTick(flush),
  endOfTurn: (flush) => setImmediate(flush),
});
