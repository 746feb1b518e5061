import {PgError, nameErrorClass} from './base';

/** What the server sent is not the Postgres protocol. The connection is closed: its bytes cannot be trusted. */
export class ProtocolError extends PgError {
  readonly code = 'PG_PROTOCOL_VIOLATION';
}
nameErrorClass(ProtocolError, 'ProtocolError');
