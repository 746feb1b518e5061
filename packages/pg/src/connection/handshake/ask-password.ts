/**
 * Asks the program's `password` function for the password of one physical connection.
 *
 * What it gives is used for that handshake and kept nowhere. It is asked before the server is contacted: Postgres
 * looks the password of a role up before it asks for it (CheckPWChallengeAuth in auth.c), so one that is made
 * while the server waits would be refused.
 */
import type {PasswordFunction, PasswordRequest} from '../../config';
import {AuthenticationError} from '../../errors';
import {stopReason} from '../attempts/stop-signal';
import type {StopSignal} from '../attempts/stop-signal';

/** @throws {AuthenticationError} `PG_PASSWORD_MISSING`: the function threw (`cause`), or gave no text. */
export async function askPassword(
  ask: PasswordFunction,
  request: PasswordRequest,
  signal: StopSignal,
): Promise<string> {
  const whom = `the password function, asked for user "${request.user}" on ${request.host}:${request.port},`;
  let given: unknown;
  try {
    given = await unlessAborted(ask(request), signal);
  } catch (error) {
    if (signal.aborted) throw stopReason(signal);
    // What it threw may quote a token; it is shown as the cause and not in the message.
    throw new AuthenticationError(`${whom} failed; its error is the cause of this one`, {
      code: 'PG_PASSWORD_MISSING',
      cause: error,
    });
  }
  if (typeof given === 'string' && given !== '') return given;
  const what =
    given === ''
      ? 'an empty text'
      : given === null
        ? 'null'
        : typeof given === 'object'
          ? 'an object'
          : `a ${typeof given}`;
  throw new AuthenticationError(
    `${whom} gave ${given === undefined ? 'undefined' : what}; it has to give the password as a string, or a promise of one`,
    {code: 'PG_PASSWORD_MISSING'},
  );
}

function unlessAborted<T>(promise: T | Promise<T>, signal: StopSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(stopReason(signal));
    signal.addEventListener('abort', abort, {once: true});
    Promise.resolve(promise)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}
