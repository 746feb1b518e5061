/**
 * The program's own functions that are told of every statement: before it is sent, and what became of it.
 *
 * They run synchronously. One that throws, or that returns anything, fails the query it was told of: a
 * promise nobody awaits would hide its errors.
 */
import type {SQLQuery} from '@databases/sql';
import type {SlowQuery} from '../../config';
import type {Row} from '../../connection';
import {UsageError} from '../../errors';
import {queryChannel} from '../../tracing';

export interface FormattedStatement {
  readonly text: string;
  readonly values: readonly unknown[];
}

export interface QueryHandlers {
  readonly onSlowQuery?: ((slow: SlowQuery) => void) | undefined;
  readonly onQueryStart?: ((query: SQLQuery, formatted: FormattedStatement) => void) | undefined;
  readonly onQueryResults?:
    | ((query: SQLQuery, formatted: FormattedStatement, rows: Row[]) => void)
    | undefined;
  readonly onQueryError?:
    | ((query: SQLQuery, formatted: FormattedStatement, error: Error) => void)
    | undefined;
}

export function hasHandlers(handlers: QueryHandlers): boolean {
  return (
    handlers.onQueryStart !== undefined ||
    handlers.onQueryResults !== undefined ||
    handlers.onQueryError !== undefined ||
    handlers.onSlowQuery !== undefined
  );
}

/** Whether anybody wants to be told of queries. */
export function isObserved(handlers: QueryHandlers): boolean {
  return queryChannel.hasSubscribers || hasHandlers(handlers);
}

/** Calls one handler and holds it to its contract. */
export function notify<Arguments extends unknown[]>(
  name: string,
  handler: ((...args: Arguments) => void) | undefined,
  ...args: Arguments
): void {
  if (handler === undefined) return;
  const result: unknown = handler(...args);
  if (result === undefined) return;
  throw new UsageError(
    `${name} returned a value; handlers are called synchronously and must return undefined (an async function returns a promise)`,
    {code: 'PG_INVALID_ARGUMENT'},
  );
}
