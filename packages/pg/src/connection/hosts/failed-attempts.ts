/**
 * What went wrong with each host and address that was tried, and the one error that tells it all.
 *
 * It keeps the kind of the most telling failure, so that a program that looks at `code` sees the same for
 * many hosts as for one.
 */
import {ConnectionError, DatabaseError, ProtocolError, TimeoutError} from '../../errors';

export interface FailedAttempt {
  /** `host:port`, with the address behind it where the name has several. */
  readonly place: string;
  readonly error: unknown;
  readonly milliseconds: number;
}

/** The error itself where there is but one; else one that lists them all and has them as its `cause`. */
export function failureOf(attempts: readonly FailedAttempt[]): unknown {
  const [first, second] = attempts;
  if (first === undefined || second === undefined) return first?.error;
  const telling = attempts.map(({error}) => error).reduce((a, b) => (rank(b) > rank(a) ? b : a));
  const cause = new AggregateError(attempts.map(({error}) => error));
  const message = `none of ${attempts.length} attempts to connect succeeded:\n${attempts.map(line).join('\n')}`;
  if (telling instanceof DatabaseError) return withFieldsOf(telling, message, cause);
  if (telling instanceof ProtocolError) return new ProtocolError(message, {cause});
  if (telling instanceof TimeoutError)
    return new TimeoutError(message, {code: telling.code, cause});
  return new ConnectionError(message, {code: 'PG_CONNECT_FAILED', cause});
}

/**
 * A server that answered, however badly, says more than a network that did not; and an attempt that was
 * refused says more than one that was given up.
 */
function rank(error: unknown): number {
  if (error instanceof DatabaseError) return 3;
  if (error instanceof ProtocolError) return 2;
  return error instanceof TimeoutError ? 0 : 1;
}

function line({place, error, milliseconds}: FailedAttempt): string {
  const message = error instanceof Error ? error.message : String(error);
  const where = message.includes(place) ? '' : `${place}: `;
  return `- after ${Math.round(milliseconds)} ms, ${where}${message}`;
}

function withFieldsOf(error: DatabaseError, message: string, cause: AggregateError): DatabaseError {
  const {code, severity, detail, hint, file, line: sourceLine, routine} = error;
  return Object.assign(new DatabaseError({code, message}), {
    severity,
    detail,
    hint,
    file,
    line: sourceLine,
    routine,
    cause,
  });
}
