/**
 * Time as the pool sees it: a monotonic clock and one-shot timers, so that tests decide what time it is.
 *
 * A new timer keeps the process alive until it fired, was cleared or was `unref`ed. The pool relies on
 * that: what somebody waits for keeps the process alive, housekeeping of idle resources does not.
 */

export interface TimerHandle {
  /** The timer keeps the process alive (again). */
  ref(): unknown;
  /** The timer no longer keeps the process alive. */
  unref(): unknown;
}

export interface Clock {
  /** Milliseconds on a clock that never goes back. Only differences mean something. */
  now(): number;
  setTimer(fn: () => void, milliseconds: number): TimerHandle;
  clearTimer(handle: TimerHandle): void;
}

// Node fires a timer with a longer delay at once. Whoever waits longer looks at the clock and waits again.
const LONGEST_TIMER_MILLISECONDS = 2 ** 31 - 1;

class SystemTimer implements TimerHandle {
  readonly #timeout: NodeJS.Timeout;

  constructor(fn: () => void, milliseconds: number) {
    this.#timeout = setTimeout(fn, Math.min(milliseconds, LONGEST_TIMER_MILLISECONDS));
  }

  ref(): void {
    this.#timeout.ref();
  }

  unref(): void {
    this.#timeout.unref();
  }

  clear(): void {
    clearTimeout(this.#timeout);
  }
}

/** The clock of the running process. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer: (fn, milliseconds) => new SystemTimer(fn, milliseconds),
  clearTimer: (handle) => {
    if (handle instanceof SystemTimer) handle.clear();
  },
};
