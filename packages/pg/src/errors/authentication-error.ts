import {PgError, nameErrorClass} from './base';
import type {PgErrorOptions} from './base';

export type AuthenticationErrorCode =
  /** The server asks for a password and none is configured. */
  | 'PG_PASSWORD_MISSING'
  /** The server asks for a method that this client does not speak. */
  | 'PG_AUTHENTICATION_UNSUPPORTED'
  /** The server asks for something that would give the password away. Nothing was sent. */
  | 'PG_AUTHENTICATION_REFUSED'
  /** The server could not prove that it knows the password. */
  | 'PG_SERVER_NOT_PROVEN';

/** This client ended the authentication. When the server did, the error is a `DatabaseError` (class 28). */
export class AuthenticationError extends PgError {
  readonly code: AuthenticationErrorCode;

  constructor(message: string, options: PgErrorOptions & {code: AuthenticationErrorCode}) {
    super(message, options);
    this.code = options.code;
  }
}
nameErrorClass(AuthenticationError, 'AuthenticationError');
