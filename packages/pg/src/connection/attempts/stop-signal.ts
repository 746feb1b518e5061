/**
 * The signal by which an attempt to connect is told to stop: the part of `AbortSignal` that connecting uses.
 *
 * Every connection takes several, and nobody outside of this package sees them. An AbortController with its events
 * costs tens of microseconds each until V8 has seen it thousands of times; this is an array. What a function of the
 * program is given is a real AbortSignal (`abortSignalOf`). Invariant: a listener is called at most once.
 */
import {asError} from '../../errors';

/** Every AbortSignal is one, too. */
export interface StopSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: {readonly once: true}): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export class Stop implements StopSignal {
  aborted = false;
  reason: unknown = undefined;
  readonly #listeners: (() => void)[] = [];

  /** Only the first call counts. A listener must not throw. */
  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    // One of them may take others off.
    for (let next = this.#listeners.shift(); next !== undefined; next = this.#listeners.shift())
      next();
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    if (!this.aborted) this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const index = this.#listeners.indexOf(listener);
    if (index !== -1) this.#listeners.splice(index, 1);
  }
}

/** A real one, which is aborted with it, for code that is not of this package. */
export function abortSignalOf(signal: StopSignal): AbortSignal {
  if (signal instanceof AbortSignal) return signal;
  const controller = new AbortController();
  const abort = () => controller.abort(signal.reason);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, {once: true});
  return controller.signal;
}

/** Why it was told to stop, as the error to reject with. */
export function stopReason(signal: StopSignal): Error {
  return asError(signal.reason);
}
