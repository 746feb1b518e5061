/**
 * Parameters of other clients that people have in their connection strings.
 *
 * `adopted` ones mean something here; `ignored` ones ask for nothing that we would not do anyway; for the rest
 * `advice` says what to write instead. libpq's own parameters are in parameters.ts.
 */

export type ForeignParameter =
  /** Becomes the keyword `as`; `values` translates, and a value that is not in it is an error. */
  | {
      readonly kind: 'adopted';
      readonly as: string;
      readonly values?: Readonly<Record<string, string>>;
    }
  | {readonly kind: 'ignored'; readonly unless?: {readonly value: string; readonly because: string}}
  | {readonly kind: 'advice'; readonly instead: string};

const advice = (instead: string): ForeignParameter => ({kind: 'advice', instead});
const sessionParameter = (option: string): ForeignParameter =>
  advice(`pass the option ${option}, or set it on the server with options=-c%20<name>%3D<value>`);

const preparedStatements = advice(
  'use prepare=false where a pooler forgets statements, or pass the option maxPreparedStatements',
);

/** Keywords of our own, which only `adopted` parameters produce. */
export const poolKeywords = ['schema', 'prepare', 'connection_limit', 'pool_timeout'] as const;

export const foreignParameters: ReadonlyMap<string, ForeignParameter> = new Map<
  string,
  ForeignParameter
>([
  // JDBC wrote ssl=true first and libpq takes it in URIs; the other values are those of node-postgres.
  [
    'ssl',
    {
      kind: 'adopted',
      as: 'sslmode',
      values: {
        true: 'require',
        '1': 'require',
        false: 'disable',
        '0': 'disable',
        'no-verify': 'no-verify',
        require: 'require',
        prefer: 'prefer',
        allow: 'allow',
        disable: 'disable',
        'verify-ca': 'verify-ca',
        'verify-full': 'verify-full',
      },
    },
  ],
  // conninfo_storeval() of libpq: the name of sslmode before 7.4.
  ['requiressl', {kind: 'adopted', as: 'sslmode', values: {'1': 'require', '0': 'prefer'}}],
  ['database', {kind: 'adopted', as: 'dbname'}],
  ['encoding', {kind: 'adopted', as: 'client_encoding'}],
  ['schema', {kind: 'adopted', as: 'schema'}],
  ['currentSchema', {kind: 'adopted', as: 'schema'}],
  // A pooler that multiplexes transactions may forget named statements (Prisma's and postgres.js's word for it).
  ['pgbouncer', {kind: 'adopted', as: 'prepare', values: {true: 'never', false: 'auto'}}],
  [
    'prepare',
    {
      kind: 'adopted',
      as: 'prepare',
      values: {true: 'auto', false: 'never', auto: 'auto', named: 'named', never: 'never'},
    },
  ],
  ['connection_limit', {kind: 'adopted', as: 'connection_limit'}],
  ['pool_timeout', {kind: 'adopted', as: 'pool_timeout'}],
  ['ApplicationName', {kind: 'adopted', as: 'application_name'}],
  [
    'uselibpqcompat',
    {
      kind: 'ignored',
      unless: {
        value: 'false',
        because: 'sslmode always means here what it means in libpq; write the sslmode you want',
      },
    },
  ],
  ['supa', {kind: 'ignored'}],
  ['workaround', {kind: 'ignored'}],
  ['tty', {kind: 'ignored'}],
  ['authtype', {kind: 'ignored'}],
  ['binary', {kind: 'ignored'}],
  ['sslaccept', advice('use sslmode=verify-full (strict) or sslmode=no-verify')],
  ['sslidentity', advice('use sslcert and sslkey with PEM files')],
  ['sslca', advice('use sslrootcert')],
  ['sslfactory', advice('use sslmode and sslrootcert')],
  ['socket_timeout', advice('pass the option queryTimeoutMilliseconds')],
  ['socketTimeout', advice('pass the option queryTimeoutMilliseconds')],
  ['query_timeout', advice('pass the option queryTimeoutMilliseconds')],
  ['connectTimeout', advice('use connect_timeout, in seconds')],
  ['loginTimeout', advice('use connect_timeout, in seconds')],
  ['connectionTimeoutMillis', advice('use connect_timeout, in seconds')],
  ['statement_cache_size', preparedStatements],
  ['statement_cache_capacity', preparedStatements],
  ['prepared_statement_cache_size', preparedStatements],
  ['preparedStatementCacheQueries', preparedStatements],
  // Rails.
  ['prepared_statements', {kind: 'adopted', as: 'prepare', values: {true: 'auto', false: 'never'}}],
  ['adapter', {kind: 'ignored'}],
  // Cloud SQL: its connectors for other languages, and its sockets.
  ['cloudSqlInstance', advice('use host=/cloudsql/<instance>, or the option socket')],
  ['socketFactory', advice('use the option socket')],
  ['socketPath', advice('use host=<directory of the socket>')],
  ['unixSocketPath', advice('use host=<directory of the socket>')],
  ['tcpKeepAlive', advice('use keepalives=1')],
  ['prepareThreshold', advice('use prepare=false where a pooler forgets statements')],
  ['preparedStatements', advice('use prepare=false where a pooler forgets statements')],
  ['targetServerType', advice('use target_session_attrs')],
  ['loadBalanceHosts', advice('use load_balance_hosts=random')],
  ['max', advice('pass the option poolSize')],
  ['pool', advice('pass the option poolSize')],
  ['poolSize', advice('pass the option poolSize, not a parameter of the string')],
  ['pool_size', advice('pass the option poolSize')],
  ['queue_timeout', advice('pass the option queueTimeoutMilliseconds')],
  ['idle_timeout', advice('pass the option idleTimeoutMilliseconds')],
  ['max_lifetime', advice('pass the option maxLifetimeMilliseconds')],
  ['checkout_timeout', advice('pass the option queueTimeoutMilliseconds')],
  ['search_path', advice('use schema=<name> or the option schema')],
  ['statement_timeout', sessionParameter('statementTimeoutMilliseconds')],
  ['lock_timeout', sessionParameter('lockTimeoutMilliseconds')],
  ['transaction_timeout', sessionParameter('transactionTimeoutMilliseconds')],
  [
    'idle_in_transaction_session_timeout',
    sessionParameter('idleInTransactionSessionTimeoutMilliseconds'),
  ],
]);
