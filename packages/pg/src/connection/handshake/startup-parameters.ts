/**
 * The parameters of the startup message. Settings given here are the session's defaults: what a user of
 * the connection changes goes back to them with DISCARD ALL.
 * https://www.postgresql.org/docs/18/protocol-message-formats.html (StartupMessage)
 */
import type {ResolvedConfig, ResolvedPoolOptions} from '../../config';

export function startupParameters(
  config: ResolvedConfig,
  options: Pick<
    ResolvedPoolOptions,
    | 'schema'
    | 'statementTimeoutMilliseconds'
    | 'lockTimeoutMilliseconds'
    | 'idleInTransactionSessionTimeoutMilliseconds'
    | 'transactionTimeoutMilliseconds'
    | 'clientConnectionCheckIntervalMilliseconds'
  >,
): [string, string][] {
  const parameters: [string, string][] = [
    ['user', config.user],
    ['database', config.database],
    ['client_encoding', 'UTF8'],
    // Dates are read in this style only; a server configured otherwise would have them misread.
    ['DateStyle', 'ISO'],
  ];
  const add = (name: string, value: string | undefined) => {
    if (value !== undefined && value !== '') parameters.push([name, value]);
  };
  add('application_name', config.applicationName);
  add('options', config.options);
  for (const [name, value] of Object.entries(config.sessionParameters)) add(name, value);
  add('search_path', options.schema.map(quoteIdentifier).join(', '));
  add('statement_timeout', milliseconds(options.statementTimeoutMilliseconds));
  add('lock_timeout', milliseconds(options.lockTimeoutMilliseconds));
  add(
    'idle_in_transaction_session_timeout',
    milliseconds(options.idleInTransactionSessionTimeoutMilliseconds),
  );
  // Servers before 17 refuse the session for it; connect-failure.ts says why.
  add('transaction_timeout', milliseconds(options.transactionTimeoutMilliseconds));
  add(
    'client_connection_check_interval',
    milliseconds(options.clientConnectionCheckIntervalMilliseconds),
  );
  return parameters;
}

function milliseconds(value: number): string | undefined {
  return value === 0 ? undefined : String(value);
}

function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
