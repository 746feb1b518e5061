/**
 * Gives up on work that takes too long, by a signal that the work has to heed.
 *
 * A process that was frozen, as functions are between two requests, or that was busy, did not wait: what came meanwhile
 * is there to be read, and the timer that is due comes before it. So one that is late begins anew.
 */
import {TimeoutError} from '../../errors';
import {Stop, stopReason} from './stop-signal';
import type {StopSignal} from './stop-signal';

/** So late is no timer of a process that runs. */
const LATE_MILLISECONDS = 500;

/**
 * The signal of one piece of work: aborted after that many milliseconds (0: never), or when `outer` is aborted. Its
 * reason is a `TimeoutError` (`PG_CONNECT_TIMEOUT`), or that of `outer`. Who makes one calls `end` when the work is over.
 */
export class Deadline extends Stop {
  readonly #milliseconds: number;
  readonly #server: string;
  readonly #outer: StopSignal | undefined;
  readonly #abort: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #due = 0;

  constructor(milliseconds: number, server: string, outer?: StopSignal) {
    super();
    this.#milliseconds = milliseconds;
    this.#server = server;
    this.#outer = outer;
    if (outer !== undefined) {
      this.#abort = () => this.abort(outer.reason);
      if (outer.aborted) this.#abort();
      outer.addEventListener('abort', this.#abort, {once: true});
    }
    if (milliseconds !== 0) this.#begin();
  }

  end(): void {
    clearTimeout(this.#timer);
    if (this.#abort !== undefined) this.#outer?.removeEventListener('abort', this.#abort);
  }

  #begin(): void {
    this.#due = performance.now() + this.#milliseconds;
    this.#timer = setTimeout(() => this.#giveUp(), this.#milliseconds);
  }

  #giveUp(): void {
    if (performance.now() - this.#due > LATE_MILLISECONDS) return this.#begin();
    const message = `could not connect to ${this.#server} within ${Math.round(this.#milliseconds)} ms; check the network and firewalls in between, or raise connectionTimeoutMilliseconds`;
    this.abort(new TimeoutError(message, {code: 'PG_CONNECT_TIMEOUT'}));
  }
}

/** Runs `work` under a deadline of its own. */
export async function withDeadline<T>(
  milliseconds: number,
  server: string,
  work: (signal: StopSignal) => Promise<T>,
): Promise<T> {
  const deadline = new Deadline(milliseconds, server);
  try {
    return await work(deadline);
  } finally {
    deadline.end();
  }
}

/** Waits for what cannot be told to stop, until the signal is aborted. */
export function untilAborted<T>(work: Promise<T>, signal: StopSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(stopReason(signal));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, {once: true});
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
