import {PgError, nameErrorClass} from './base';
import type {PgErrorOptions} from './base';

export type TimeoutErrorCode =
  | 'PG_CONNECT_TIMEOUT'
  | 'PG_QUERY_TIMEOUT'
  | 'PG_ACQUIRE_LOCK_TIMEOUT'
  /** No connection of the pool came free in time. The name is that of the original `@databases` pool. */
  | 'CONNECTION_POOL:QUEUE_TIMEOUT';

/** Something took longer than an option of this client allows. */
export class TimeoutError extends PgError {
  readonly code: TimeoutErrorCode;

  constructor(message: string, options: PgErrorOptions & {code: TimeoutErrorCode}) {
    super(message, options);
    this.code = options.code;
  }
}
nameErrorClass(TimeoutError, 'TimeoutError');
