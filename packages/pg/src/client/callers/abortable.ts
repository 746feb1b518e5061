/**
 * Ends a piece of work early: for the program's AbortSignal, or because it takes longer than
 * `queryTimeoutMilliseconds`. Costs nothing where neither is given.
 */
import {TimeoutError, asError} from '../../errors';

/** Where the work says how it is to be stopped, once it has begun. */
export class Stop {
  /** The program may stop it at any time, not only when it takes too long. */
  readonly bySignal: boolean;
  #stop: ((reason: Error) => void) | undefined;
  #reason: Error | undefined;

  constructor(bySignal: boolean) {
    this.bySignal = bySignal;
  }

  with(stop: (reason: Error) => void): void {
    this.#stop = stop;
    if (this.#reason !== undefined) stop(this.#reason);
  }

  now(reason: Error): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#stop?.(reason);
  }
}

/** @param timeoutMilliseconds 0 = none. */
export function abortable<T>(
  signal: AbortSignal | undefined,
  timeoutMilliseconds: number,
  start: (stop: Stop) => Promise<T>,
): Promise<T> {
  const stop = new Stop(signal !== undefined);
  if (signal === undefined && timeoutMilliseconds === 0) return start(stop);
  return watched(signal, timeoutMilliseconds, stop, start);
}

async function watched<T>(
  signal: AbortSignal | undefined,
  timeoutMilliseconds: number,
  stop: Stop,
  start: (stop: Stop) => Promise<T>,
): Promise<T> {
  if (signal?.aborted === true) throw reasonOf(signal);
  const abort = () => stop.now(reasonOf(signal));
  const timer =
    timeoutMilliseconds === 0
      ? undefined
      : setTimeout(() => stop.now(timedOut(timeoutMilliseconds)), timeoutMilliseconds);
  signal?.addEventListener('abort', abort, {once: true});
  try {
    return await start(stop);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** The result, or the reason of the abort, whichever comes first. The work itself is not stopped. */
export function unlessAborted<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return result;
  return new Promise((resolve, reject) => {
    const abort = () => reject(reasonOf(signal));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, {once: true});
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

export function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return asError(reason);
}

function timedOut(milliseconds: number): TimeoutError {
  return new TimeoutError(
    `the query did not end within ${milliseconds} ms (queryTimeoutMilliseconds); it was cancelled on the server`,
    {code: 'PG_QUERY_TIMEOUT', sent: 'maybe'},
  );
}
