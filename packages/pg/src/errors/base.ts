/**
 * The root of every error this package throws on its own account.
 *
 * Invariants: `code` is stable across releases and meant for programs; `message` is meant for people and
 * may change; no message, property or `cause` carries a password or a parameter value.
 */

/**
 * Whether the server could have acted on the request that failed.
 *
 * - `no`: nothing of it was acted on: it was never written, or the server said that it undid it.
 * - `maybe`: it was written and the server's answer was lost, so it may have taken effect.
 */
export type Sent = 'no' | 'maybe';

export interface PgErrorOptions {
  readonly sent?: Sent;
  readonly cause?: unknown;
}

/** An error of this package. Subclasses say of which kind; `code` says which one exactly. */
export abstract class PgError extends Error {
  /** Stable and machine-readable: `PG_*`, or the SQLSTATE for an error that the server reported. */
  abstract readonly code: string;
  readonly sent: Sent;

  constructor(message: string, options: PgErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : {cause: options.cause});
    this.sent = options.sent ?? 'no';
  }
}

// The class name, without an own enumerable property on every instance.
export function nameErrorClass(errorClass: {prototype: Error}, name: string): void {
  Object.defineProperty(errorClass.prototype, 'name', {
    value: name,
    configurable: true,
    writable: true,
  });
}
