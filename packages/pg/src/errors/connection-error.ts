import {PgError, nameErrorClass} from './base';
import type {PgErrorOptions} from './base';

export type ConnectionErrorCode =
  /** No connection could be opened: refused, unreachable, name not found, no TLS where TLS was asked for. */
  | 'PG_CONNECT_FAILED'
  /** An open connection ended: reset, closed by the server, or destroyed by this client. */
  | 'PG_CONNECTION_LOST';

/** The network, not the server, is why this failed. */
export class ConnectionError extends PgError {
  readonly code: ConnectionErrorCode;

  constructor(message: string, options: PgErrorOptions & {code: ConnectionErrorCode}) {
    super(message, options);
    this.code = options.code;
  }
}
nameErrorClass(ConnectionError, 'ConnectionError');
