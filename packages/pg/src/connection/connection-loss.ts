/** Says why a connection is no more, to whoever still wanted something of it. */
import {ConnectionError, DatabaseError, ProtocolError} from '../errors';
import type {DatabaseErrorFields, Sent} from '../errors';

export interface ConnectionLoss {
  /** `host:port`, never a secret. */
  readonly target: string;
  /** What the server said when it ended the connection. */
  readonly farewell: DatabaseErrorFields | undefined;
  readonly reason: Error | undefined;
  /** By this side, which is reason enough where there is no other. */
  readonly closedInOrder: boolean;
}

/** @param sent Whether the server may know of what is lost. */
export function lostError(
  {target, farewell, reason: given, closedInOrder}: ConnectionLoss,
  sent: Sent,
): Error {
  if (farewell !== undefined) {
    return new DatabaseError(farewell, {
      advice: `the server ended the connection to ${target}`,
      sent,
    });
  }
  const reason = given ?? (closedInOrder ? closedError(target) : undefined);
  if (reason instanceof ProtocolError) {
    return new ProtocolError(reason.message, {sent, cause: reason});
  }
  const because = reason === undefined ? 'the server closed it' : reason.message;
  return new ConnectionError(`the connection to ${target} was lost: ${because}`, {
    code: 'PG_CONNECTION_LOST',
    sent,
    cause: reason,
  });
}

// Most connections are closed with nothing in flight, and nobody gets to see this.
function closedError(target: string): ConnectionError {
  return new ConnectionError(`the connection to ${target} was closed`, {
    code: 'PG_CONNECTION_LOST',
  });
}
