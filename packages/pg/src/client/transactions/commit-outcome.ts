/** What a COMMIT that was not plainly answered means for the caller. */
import type {Step} from '../../connection';
import {PgError, TransactionError, UsageError, ValueError} from '../../errors';

/** A COMMIT whose answer did not come may have taken effect; nobody can know from here. */
export function outcomeOf(error: unknown): unknown {
  if (!(error instanceof PgError) || error.sent === 'no') return error;
  return new TransactionError(
    `the connection was lost while the transaction was being committed, so it is not known whether it was: ${error.message}. Look at the data before running it again`,
    {code: 'PG_COMMIT_OUTCOME_UNKNOWN', sent: 'maybe', cause: error},
  );
}

/** Postgres answered COMMIT with ROLLBACK. */
export function rolledBack(cause: Error | undefined): TransactionError {
  return new TransactionError(
    'Postgres rolled the transaction back instead of committing it, because a statement in it had failed and its error was caught; nothing was written. Let the error leave the callback, or run the statement that may fail in a nested tx()',
    {code: 'PG_TRANSACTION_ROLLED_BACK', cause},
  );
}

/** The program ended a transaction of `tx` by a statement of its own. */
export function endedByQuery(committed: boolean): TransactionError | UsageError {
  const advice =
    'return from the callback given to tx() to commit, throw to roll back, and nest tx() for a part of it';
  return committed
    ? new UsageError(
        `the transaction was committed by a COMMIT that was sent as a query, so nothing more can run in it; ${advice}`,
        {code: 'PG_USED_AFTER_END', sent: 'maybe'},
      )
    : new TransactionError(
        `the transaction was rolled back by a ROLLBACK that was sent as a query, so nothing more can run in it; ${advice}`,
        {code: 'PG_TRANSACTION_ROLLED_BACK'},
      );
}

/** The result of statements that were sent together with their COMMIT. */
export async function commitFailure<T>(result: T | Promise<T>, steps: readonly Step[]): Promise<T> {
  const commit = steps[steps.length - 1];
  let answer: T;
  try {
    answer = await result;
  } catch (error) {
    // A result that cannot be read leaves no doubt about the COMMIT; a connection that is lost right behind the
    // answer to it must not look like one that was lost before.
    const isUnreadable = error instanceof ValueError || error instanceof UsageError;
    throw isUnreadable && commit?.commandTag !== undefined ? error : outcomeOf(error);
  }
  if (commit?.commandTag === 'ROLLBACK') throw rolledBack(undefined);
  return answer;
}
