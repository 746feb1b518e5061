/** Gives up on work that takes too long, by a signal that the work has to heed. */
import {TimeoutError} from '../errors';

/**
 * Aborts the signal after that many milliseconds (0: never), or when `outer` is aborted.
 * @throws {TimeoutError} `PG_CONNECT_TIMEOUT`, as the reason of the signal.
 */
export async function withDeadline<T>(
  milliseconds: number,
  server: string,
  work: (signal: AbortSignal) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> {
  const controller = new AbortController();
  const abort = () => controller.abort(outer?.reason);
  if (outer?.aborted === true) abort();
  outer?.addEventListener('abort', abort, {once: true});
  const giveUp = () => {
    const message = `could not connect to ${server} within ${Math.round(milliseconds)} ms; check the network and firewalls in between, or raise connectionTimeoutMilliseconds`;
    controller.abort(new TimeoutError(message, {code: 'PG_CONNECT_TIMEOUT'}));
  };
  const timer = milliseconds === 0 ? undefined : setTimeout(giveUp, milliseconds);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', abort);
  }
}

/** Waits for what cannot be told to stop, until the signal is aborted. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () =>
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, {once: true});
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
