/**
 * Checks the options of `createConnectionPool` and fills in their defaults.
 *
 * Knows every option name, so that a misspelt one is an error and not a silent default. What says where to connect
 * is only checked for its name here; resolve.ts reads it.
 */
import type {
  BigIntMode,
  ConnectionPoolConfig,
  PoolHandlers,
  ResolvedPoolOptions,
} from './connection-pool-config';
import {assertOptionsObject, wrongType} from './options';
import type {PoolOptionDefaults} from './resolved-config';
import {invalid} from './settings';
import {didYouMean} from './suggestion';

// In a record, so that the compiler finds an option that is missing here.
const known: Readonly<Record<keyof ConnectionPoolConfig, true>> = {
  connectionString: true,
  user: true,
  password: true,
  host: true,
  port: true,
  database: true,
  ssl: true,
  schema: true,
  bigIntMode: true,
  bigIntAsString: true,
  types: true,
  applicationName: true,
  fallbackApplicationName: true,
  poolName: true,
  poolSize: true,
  maxUses: true,
  idleTimeoutMilliseconds: true,
  connectionTimeoutMilliseconds: true,
  queueTimeoutMilliseconds: true,
  acquireLockTimeoutMilliseconds: true,
  statementTimeoutMilliseconds: true,
  queryTimeoutMilliseconds: true,
  idleInTransactionSessionTimeoutMilliseconds: true,
  lockTimeoutMilliseconds: true,
  transactionTimeoutMilliseconds: true,
  keepAlive: true,
  keepAliveInitialDelayMilliseconds: true,
  onError: true,
  onQueryStart: true,
  onQueryResults: true,
  onQueryError: true,
  onSlowQuery: true,
  onConnectionOpened: true,
  onConnectionClosed: true,
  allowCleartextPasswordWithoutTls: true,
  allowMd5PasswordWithoutTls: true,
  maxScramIterations: true,
  prepare: true,
  maxPreparedStatements: true,
  maxLifetimeMilliseconds: true,
  clientConnectionCheckIntervalMilliseconds: true,
  resetOnRelease: true,
  silenceTimeoutMilliseconds: true,
  listenHeartbeatMilliseconds: true,
  captureStacks: true,
  slowQueryMilliseconds: true,
  leakWarningMilliseconds: true,
  sqlCommenter: true,
  socket: true,
};

// What node-postgres and postgres.js call what we have under another name.
const otherNames: Readonly<Record<string, string>> = {
  max: 'poolSize',
  idleTimeoutMillis: 'idleTimeoutMilliseconds',
  idle_timeout: 'idleTimeoutMilliseconds',
  connectionTimeoutMillis: 'connectionTimeoutMilliseconds',
  connect_timeout: 'connectionTimeoutMilliseconds',
  statement_timeout: 'statementTimeoutMilliseconds',
  query_timeout: 'queryTimeoutMilliseconds',
  lock_timeout: 'lockTimeoutMilliseconds',
  idle_in_transaction_session_timeout: 'idleInTransactionSessionTimeoutMilliseconds',
  application_name: 'applicationName',
  fallback_application_name: 'fallbackApplicationName',
  search_path: 'schema',
  sslmode: 'ssl',
  username: 'user',
  dbname: 'database',
  url: 'connectionString',
  stream: 'socket',
  max_lifetime: 'maxLifetimeMilliseconds',
  maxLifetimeSeconds: 'maxLifetimeMilliseconds',
  client_connection_check_interval: 'clientConnectionCheckIntervalMilliseconds',
  clientConnectionCheckInterval: 'clientConnectionCheckIntervalMilliseconds',
};

const longestMilliseconds = 2_147_483_647;

/**
 * Completes the options. `defaults` is what the connection string says (`ResolvedConfig.poolDefaults`); an option wins.
 *
 * @throws {ConfigurationError} For an unknown option, a wrong type or a value out of range, naming the option.
 */
export function resolvePoolOptions<Query = unknown>(
  input: string | ConnectionPoolConfig<Query> | undefined,
  defaults: PoolOptionDefaults = {},
): ResolvedPoolOptions<Query> {
  const given: ConnectionPoolConfig<Query> =
    typeof input === 'string' || input === undefined ? {} : input;
  assertOptionsObject(given);
  refuseUnknown(given);
  const milliseconds = (name: keyof ConnectionPoolConfig, otherwise: number): number =>
    readNumber(name, given[name], otherwise, {
      least: 0,
      most: longestMilliseconds,
      unit: ' of milliseconds',
    });
  const connectionTimeoutMilliseconds = milliseconds(
    'connectionTimeoutMilliseconds',
    defaults.connectionTimeoutMilliseconds ?? 10_000,
  );
  const resolved: ResolvedPoolOptions<Query> = {
    schema: readSchema(given.schema ?? defaults.schema),
    bigIntMode: readBigIntMode(given.bigIntMode, given.bigIntAsString),
    types: readTypes(given.types),
    poolName: readName('poolName', given.poolName),
    poolSize: readNumber('poolSize', given.poolSize, defaults.poolSize ?? 10, {
      least: 1,
      most: 1_000_000,
      unit: '',
    }),
    maxUses:
      given.maxUses === Number.POSITIVE_INFINITY
        ? given.maxUses
        : readNumber('maxUses', given.maxUses, Number.POSITIVE_INFINITY, {
            least: 1,
            most: Number.MAX_SAFE_INTEGER,
            unit: ', or Infinity',
          }),
    idleTimeoutMilliseconds: milliseconds('idleTimeoutMilliseconds', 30_000),
    connectionTimeoutMilliseconds,
    queueTimeoutMilliseconds: milliseconds(
      'queueTimeoutMilliseconds',
      defaults.queueTimeoutMilliseconds ??
        queueTimeout(connectionTimeoutMilliseconds, defaults.hostCount ?? 1),
    ),
    acquireLockTimeoutMilliseconds: milliseconds('acquireLockTimeoutMilliseconds', 60_000),
    statementTimeoutMilliseconds: milliseconds('statementTimeoutMilliseconds', 0),
    queryTimeoutMilliseconds: milliseconds('queryTimeoutMilliseconds', 0),
    idleInTransactionSessionTimeoutMilliseconds: milliseconds(
      'idleInTransactionSessionTimeoutMilliseconds',
      0,
    ),
    lockTimeoutMilliseconds: milliseconds('lockTimeoutMilliseconds', 0),
    transactionTimeoutMilliseconds: milliseconds('transactionTimeoutMilliseconds', 0),
    keepAlive: readBoolean('keepAlive', given.keepAlive, defaults.keepAlive ?? true),
    keepAliveInitialDelayMilliseconds: milliseconds(
      'keepAliveInitialDelayMilliseconds',
      defaults.keepAliveInitialDelayMilliseconds ?? 30_000,
    ),
    allowCleartextPasswordWithoutTls: readBoolean(
      'allowCleartextPasswordWithoutTls',
      given.allowCleartextPasswordWithoutTls,
      false,
    ),
    allowMd5PasswordWithoutTls: readBoolean(
      'allowMd5PasswordWithoutTls',
      given.allowMd5PasswordWithoutTls,
      false,
    ),
    maxScramIterations: readNumber('maxScramIterations', given.maxScramIterations, 100_000, {
      least: 1,
      most: longestMilliseconds,
      unit: '',
    }),
    prepare: readPrepare(given.prepare, defaults.prepare ?? 'auto'),
    maxPreparedStatements: readNumber('maxPreparedStatements', given.maxPreparedStatements, 512, {
      least: 1,
      most: 100_000,
      unit: '',
      hint: " For none give prepare: 'never'. Each takes 8 to 140 KB of the server's memory, on every connection.",
    }),
    maxLifetimeMilliseconds: milliseconds('maxLifetimeMilliseconds', 0),
    clientConnectionCheckIntervalMilliseconds: milliseconds(
      'clientConnectionCheckIntervalMilliseconds',
      0,
    ),
    resetOnRelease: readReset(given.resetOnRelease),
    silenceTimeoutMilliseconds: milliseconds('silenceTimeoutMilliseconds', 10_000),
    listenHeartbeatMilliseconds: milliseconds('listenHeartbeatMilliseconds', 15_000),
    captureStacks: readBoolean('captureStacks', given.captureStacks, false),
    slowQueryMilliseconds: milliseconds('slowQueryMilliseconds', 1000),
    leakWarningMilliseconds: milliseconds('leakWarningMilliseconds', 0),
    sqlCommenter: readCommenter(given.sqlCommenter),
    socket: readSocket(given.socket),
    ...readHandlers(given),
  };
  return Object.freeze(resolved);
}

// Two full rounds over the hosts must fit in before waiters give up.
function queueTimeout(connectionTimeoutMilliseconds: number, hostCount: number): number {
  const twoRounds = connectionTimeoutMilliseconds * hostCount * 2;
  return Math.min(Math.max(60_000, twoRounds), longestMilliseconds);
}

function refuseUnknown(given: object): void {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(known, name)) continue;
    const other = Object.hasOwn(otherNames, name) ? otherNames[name] : undefined;
    const hint =
      other === undefined
        ? didYouMean(name, Object.keys(known))
        : ` Here it is called "${other}".${other.endsWith('Milliseconds') ? ' It counts milliseconds.' : ''}`;
    throw invalid({kind: 'option', name}, `there is no such option.${hint}`);
  }
}

function readNumber(
  name: string,
  value: unknown,
  otherwise: number,
  {least, most, unit, hint = ''}: {least: number; most: number; unit: string; hint?: string},
): number {
  if (value === undefined) return otherwise;
  const range = `a whole number${unit} from ${least} to ${most}`;
  if (typeof value !== 'number') throw wrongType(name, range, value);
  if (!Number.isInteger(value) || value < least || value > most)
    throw invalid(
      {kind: 'option', name},
      `must be ${range}; got ${value}.${value === Number.POSITIVE_INFINITY && least === 0 ? ' For no limit give 0.' : ''}${hint}`,
    );
  return value;
}

function readBoolean(name: string, value: unknown, otherwise: boolean): boolean {
  if (value === undefined) return otherwise;
  if (typeof value !== 'boolean') throw wrongType(name, 'true or false', value);
  return value;
}

function readName(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '') throw wrongType(name, 'a name', value);
  return value;
}

const preparations = [
  'auto',
  'named',
  'never',
] as const satisfies readonly ResolvedPoolOptions['prepare'][];

function readPrepare(
  value: unknown,
  otherwise: ResolvedPoolOptions['prepare'],
): ResolvedPoolOptions['prepare'] {
  if (value === undefined) return otherwise;
  if (typeof value === 'boolean') return value ? 'auto' : 'never';
  const preparation = preparations.find((one) => one === value);
  if (preparation !== undefined) return preparation;
  const hint = typeof value === 'string' ? didYouMean(value, preparations) : '';
  throw invalid(
    {kind: 'option', name: 'prepare'},
    `must be one of ${preparations.join(', ')}, true or false.${hint}`,
  );
}

function readReset(value: unknown): ResolvedPoolOptions['resetOnRelease'] {
  if (value === undefined || value === 'auto') return 'auto';
  if (typeof value === 'boolean') return value ? 'always' : 'never';
  throw wrongType('resetOnRelease', "true, false or 'auto'", value);
}

function readSocket(value: ConnectionPoolConfig['socket']): ResolvedPoolOptions['socket'] {
  const given: unknown = value;
  if (given !== undefined && typeof given !== 'function')
    throw wrongType('socket', 'a function that gives a stream', given);
  return value;
}

function readCommenter(
  value: ConnectionPoolConfig['sqlCommenter'],
): ResolvedPoolOptions['sqlCommenter'] {
  const given: unknown = value;
  if (given !== undefined && typeof given !== 'function')
    throw wrongType('sqlCommenter', 'a function that gives keys and values', given);
  return value;
}

function readSchema(value: unknown): readonly string[] {
  if (value === undefined) return Object.freeze([]);
  const names: readonly unknown[] = Array.isArray(value) ? value : [value];
  const schemas = names.map((name) => {
    if (typeof name !== 'string')
      throw wrongType('schema', 'a string or an array of strings', value);
    if (name === '' || name.includes('\0'))
      throw invalid(
        {kind: 'option', name: 'schema'},
        'a schema name is empty or has a zero character in it.',
      );
    return name;
  });
  return Object.freeze(schemas);
}

const bigIntModes = ['number', 'string', 'bigint'] as const satisfies readonly BigIntMode[];

function readBigIntMode(value: unknown, asString: unknown): BigIntMode {
  const old = readBoolean('bigIntAsString', asString, false);
  if (value === undefined) return old ? 'string' : 'number';
  const mode = bigIntModes.find((one) => one === value);
  if (mode === undefined)
    throw invalid(
      {kind: 'option', name: 'bigIntMode'},
      `must be one of ${bigIntModes.join(', ')}.${typeof value === 'string' ? didYouMean(value, bigIntModes) : ''}`,
    );
  if (old && mode !== 'string')
    throw invalid(
      {kind: 'option', name: 'bigIntAsString'},
      `contradicts bigIntMode: '${mode}'; remove bigIntAsString.`,
    );
  return mode;
}

function readTypes(value: ConnectionPoolConfig['types']): ResolvedPoolOptions['types'] {
  if (value === undefined) return undefined;
  const given: unknown = value;
  if (typeof given === 'function') return value;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw wrongType('types', 'a function, a Map or an object', given);
  const parsers: [unknown, unknown][] = given instanceof Map ? [...given] : Object.entries(given);
  for (const [oid, parser] of parsers)
    if (!/^\d+$/.test(String(oid)) || typeof parser !== 'function')
      throw invalid(
        {kind: 'option', name: 'types'},
        'must map type OIDs (numbers) to functions that take the text; for names use a function.',
      );
  return value;
}

const handlerNames = [
  'onError',
  'onQueryStart',
  'onQueryResults',
  'onQueryError',
  'onSlowQuery',
  'onConnectionOpened',
  'onConnectionClosed',
] as const satisfies readonly (keyof PoolHandlers)[];

function readHandlers<Query>(given: PoolHandlers<Query>): PoolHandlers<Query> {
  const handlers: PoolHandlers<Query> = {};
  for (const name of handlerNames) {
    const handler: unknown = given[name];
    if (handler === undefined) continue;
    if (typeof handler !== 'function') throw wrongType(name, 'a function', handler);
    Object.assign(handlers, {[name]: handler});
  }
  return handlers;
}
