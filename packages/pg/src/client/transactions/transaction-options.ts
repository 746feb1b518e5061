/** The options of `tx` as the statements that begin the transaction. */
import {Step} from '../../connection';
import type {Statement} from '../../connection';
import {UsageError} from '../../errors';
import {IsolationLevel} from '../api/queryable';
import type {TransactionOptions} from '../api/queryable';

const ISOLATION_LEVELS = new Set<unknown>(Object.values(IsolationLevel));

/** Options that are set for the length of the transaction, and the server's names for them. */
const TIMEOUTS = {
  statementTimeoutMilliseconds: 'statement_timeout',
  transactionTimeoutMilliseconds: 'transaction_timeout',
  lockTimeoutMilliseconds: 'lock_timeout',
  idleInTransactionSessionTimeoutMilliseconds: 'idle_in_transaction_session_timeout',
} as const;

const OPTIONS = new Set([
  'isolationLevel',
  'readOnly',
  'deferrable',
  'retrySerializationFailures',
  'signal',
  ...Object.keys(TIMEOUTS),
]);

/** @throws {UsageError} `PG_INVALID_ARGUMENT` */
export function validateTransactionOptions(options: TransactionOptions | undefined): void {
  if (options === undefined) return;
  for (const name of Object.keys(options)) {
    if (!OPTIONS.has(name)) throw invalid(`there is no option "${name}" of tx()`);
  }
  const {isolationLevel, retrySerializationFailures: retries} = options;
  if (isolationLevel !== undefined && !ISOLATION_LEVELS.has(isolationLevel)) {
    throw invalid(`isolationLevel is one of ${[...ISOLATION_LEVELS].join(', ')}`);
  }
  if (typeof retries === 'number' && !(Number.isInteger(retries) && retries >= 0)) {
    throw invalid('retrySerializationFailures is true, false or a whole number of retries');
  }
  for (const [value] of timeoutsOf(options)) {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** 31) {
      throw invalid('timeouts of tx() are whole milliseconds from 0 (none) to 2147483647');
    }
  }
}

export function beginText(options: TransactionOptions | undefined): string {
  if (options === undefined) return 'BEGIN';
  const modes: string[] = [];
  const {isolationLevel, readOnly, deferrable} = options;
  if (isolationLevel !== undefined) {
    modes.push(`ISOLATION LEVEL ${isolationLevel.replaceAll('_', ' ')}`);
  }
  if (readOnly !== undefined) modes.push(readOnly ? 'READ ONLY' : 'READ WRITE');
  if (deferrable !== undefined) modes.push(deferrable ? 'DEFERRABLE' : 'NOT DEFERRABLE');
  return ['BEGIN', modes.join(', ')].join(' ').trim();
}

const SET_LOCAL = 'SELECT pg_catalog.set_config($1, $2, true)';

/** The parameters of one SET_LOCAL for each timeout that is given. */
export function localSettings(options: TransactionOptions | undefined): [string, string][] {
  if (options === undefined) return [];
  return timeoutsOf(options).map(([value, name]) => [name, `${value}ms`]);
}

/** What is sent in front of the first statement. */
export function beginSteps(
  catalog: {statement(text: string): Statement},
  options: TransactionOptions | undefined,
): Step[] {
  return [
    new Step(catalog.statement(beginText(options)), []),
    ...localSettings(options).map((setting) => new Step(catalog.statement(SET_LOCAL), setting)),
  ];
}

function timeoutsOf(options: TransactionOptions): [number, string][] {
  const timeouts: [number, string][] = [];
  for (const [option, name] of Object.entries(TIMEOUTS)) {
    const value: unknown = Reflect.get(options, option);
    if (typeof value === 'number') timeouts.push([value, name]);
    else if (value !== undefined) timeouts.push([Number.NaN, name]);
  }
  return timeouts;
}

function invalid(message: string): UsageError {
  return new UsageError(message, {code: 'PG_INVALID_ARGUMENT'});
}
