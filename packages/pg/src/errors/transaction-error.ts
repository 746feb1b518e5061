import {PgError, nameErrorClass} from './base';
import type {PgErrorOptions} from './base';

export type TransactionErrorCode =
  /** Postgres answered COMMIT with ROLLBACK: nothing was written. `cause` is the error that was swallowed. */
  | 'PG_TRANSACTION_ROLLED_BACK'
  /** The connection was lost while COMMIT was under way: it may or may not have taken effect. */
  | 'PG_COMMIT_OUTCOME_UNKNOWN';

/** A transaction did not end the way its callback did. */
export class TransactionError extends PgError {
  readonly code: TransactionErrorCode;

  constructor(message: string, options: PgErrorOptions & {code: TransactionErrorCode}) {
    super(message, options);
    this.code = options.code;
  }
}
nameErrorClass(TransactionError, 'TransactionError');
