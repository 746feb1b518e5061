/**
 * Makes a connection fit for its next user: no transaction open, no setting, role, listener or cursor of
 * the last one left, no cancel request still on its way.
 *
 * What there is to clear is known from the server's own reports, so a clean connection costs nothing, unless
 * the program asks for a reset after every use. One that cannot be cleared is destroyed; the pool opens
 * another.
 */
import {SimpleQuery} from '../../connection';
import type {Connection} from '../../connection';
import {asError} from '../../errors';

export function isClear(connection: Connection): boolean {
  const {session} = connection;
  return (
    session.transactionStatus === 'idle' &&
    !mustReset(connection) &&
    connection.cancelUnderWay === undefined
  );
}

/** Waits for what is still in flight, such as queries of a task that were not awaited. */
export async function workEnded(connection: Connection): Promise<void> {
  if (!connection.settled) await run(connection, '').catch(() => undefined);
}

function mustReset({session, resetOnRelease}: Connection): boolean {
  return resetOnRelease === 'auto' ? session.touched : resetOnRelease === 'always';
}

export async function clearSession(connection: Connection): Promise<void> {
  try {
    await connection.cancelUnderWay;
    if (connection.session.transactionStatus !== 'idle') await run(connection, 'ROLLBACK');
    if (mustReset(connection)) {
      await run(connection, 'DISCARD ALL');
      connection.session.statements.clear();
      connection.session.touched = false;
    }
  } catch (error) {
    connection.destroy(asError(error));
  }
}

/** Runs a command of this package's own with the simple protocol. Gives the command tag. */
function run(connection: Connection, text: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    connection.send(
      new SimpleQuery(text, (error, tags) => {
        if (error === undefined) resolve(tags[tags.length - 1]);
        else reject(error);
      }),
    );
  });
}
