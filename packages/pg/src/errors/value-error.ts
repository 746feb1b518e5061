import {PgError, nameErrorClass} from './base';
import type {PgErrorOptions} from './base';

export type ValueErrorCode =
  /** A parameter cannot be sent as it is. Nothing was sent. */
  | 'PG_PARAMETER_INVALID'
  /** A value of a result does not fit the JavaScript type it is read as, for example int8 in a number. */
  | 'PG_VALUE_OUT_OF_RANGE'
  /** A value of a result is not what its type says. */
  | 'PG_VALUE_MALFORMED';

/** One value could not be encoded or decoded. The connection stays usable. */
export class ValueError extends PgError {
  readonly code: ValueErrorCode;

  constructor(message: string, options: PgErrorOptions & {code: ValueErrorCode}) {
    super(message, options);
    this.code = options.code;
  }
}
nameErrorClass(ValueError, 'ValueError');
