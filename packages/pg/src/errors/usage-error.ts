import {PgError, nameErrorClass} from './base';
import type {PgErrorOptions} from './base';

export type UsageErrorCode =
  /** The argument is not a query made with the `sql` tag. */
  | 'PG_NOT_A_QUERY'
  | 'PG_INVALID_ARGUMENT'
  /** The pool was disposed, or the connection or transaction has ended. */
  | 'PG_USED_AFTER_END'
  /** The call would wait for something that itself waits for the call. */
  | 'PG_SELF_DEADLOCK'
  /** A warning, given to `onError`: a connection is held for longer than `leakWarningMilliseconds`. */
  | 'PG_CONNECTION_HELD';

/** The program calls this package in a way that cannot work. Nothing was sent. */
export class UsageError extends PgError {
  readonly code: UsageErrorCode;

  constructor(message: string, options: PgErrorOptions & {code: UsageErrorCode}) {
    super(message, options);
    this.code = options.code;
  }
}
nameErrorClass(UsageError, 'UsageError');
