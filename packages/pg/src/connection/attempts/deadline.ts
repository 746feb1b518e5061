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
 * Aborts the signal after that many milliseconds (0: never), or when `outer` is aborted.
 * @throws {TimeoutError} `PG_CONNECT_TIMEOUT`, as the reason of the signal.
 */
export async function withDeadline<T>(
  milliseconds: number,
  server: string,
  work: (signal: StopSignal) => Promise<T>,
  outer?: StopSignal,
): Promise<T> {
  const stop = new Stop();
  const abort = () => stop.abort(outer?.reason);
  if (outer?.aborted === true) abort();
  outer?.addEventListener('abort', abort, {once: true});
  let due = 0;
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    due = performance.now() + milliseconds;
    timer = setTimeout(giveUp, milliseconds);
  };
  const giveUp = () => {
    if (performance.now() - due > LATE_MILLISECONDS) return begin();
    const message = `could not connect to ${server} within ${Math.round(milliseconds)} ms; check the network and firewalls in between, or raise connectionTimeoutMilliseconds`;
    stop.abort(new TimeoutError(message, {code: 'PG_CONNECT_TIMEOUT'}));
  };
  if (milliseconds !== 0) begin();
  try {
    return await work(stop);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', abort);
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
