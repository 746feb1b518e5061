/**
 * The configuration objects of pg -> options of @databases/pg.
 *
 * What stands in the environment and in files is found as @databases/pg finds it, which is what libpq does; except
 * that `DATABASE_URL` is not looked at, since programs written for pg pass it on themselves.
 */
import type {Duplex} from 'node:stream';
import type {ConnectionPoolConfig, NodeTlsOptions} from '@databases/pg/raw';
import type {ResultRow} from './result';
import type {CustomTypesConfig} from './types';

export interface ClientConfig {
  user?: string | undefined;
  password?: string | (() => string | Promise<string>) | undefined;
  host?: string | undefined;
  port?: number | string | undefined;
  database?: string | undefined;
  connectionString?: string | undefined;
  /** As `@databases/pg` has it: `true` is TLS that does not verify, an object verifies unless it says otherwise. */
  ssl?: boolean | NodeTlsOptions | undefined;
  application_name?: string | undefined;
  fallback_application_name?: string | undefined;
  /** Milliseconds, like all that follow; 0 or false: none. */
  statement_timeout?: number | string | false | undefined;
  query_timeout?: number | undefined;
  lock_timeout?: number | string | false | undefined;
  idle_in_transaction_session_timeout?: number | string | false | undefined;
  connectionTimeoutMillis?: number | undefined;
  /** Server settings, as `-c name=value`. */
  options?: string | undefined;
  keepAlive?: boolean | undefined;
  keepAliveInitialDelayMillis?: number | undefined;
  types?: CustomTypesConfig | undefined;
  /** Gives a socket that is not connected yet, for each connection. */
  stream?: (() => Duplex) | undefined;
  /** Options of `createConnectionPool` that pg has no name for. They win. */
  engineOptions?: ConnectionPoolConfig | undefined;
}

export interface PoolConfig extends ClientConfig {
  /** The most connections open at a time. Default: 10. */
  max?: number | undefined;
  /** How long a connection may be idle before it is closed; 0: for ever. Default: 10000. */
  idleTimeoutMillis?: number | undefined;
  maxUses?: number | undefined;
  maxLifetimeSeconds?: number | undefined;
  /** Taken and without effect: idle connections never keep the process alive. */
  allowExitOnIdle?: boolean | undefined;
  /** Taken and without effect. */
  min?: number | undefined;
  /** Called with each new client before it is used; the client is closed when it throws. */
  onConnect?: ((client: ResultRow) => unknown) | undefined;
}

export function engineConfig(config: PoolConfig): ConnectionPoolConfig {
  const {connectionTimeoutMillis = 0, stream} = config;
  return withoutUndefined({
    connectionString: connectionStringOf(config),
    user: config.user,
    password: config.password,
    host: config.host,
    port: config.port === undefined ? undefined : Number(config.port),
    database: config.database,
    ssl: config.ssl,
    applicationName: config.application_name,
    fallbackApplicationName: config.fallback_application_name,
    statementTimeoutMilliseconds: milliseconds(config.statement_timeout),
    lockTimeoutMilliseconds: milliseconds(config.lock_timeout),
    idleInTransactionSessionTimeoutMilliseconds: milliseconds(
      config.idle_in_transaction_session_timeout,
    ),
    keepAlive: config.keepAlive,
    keepAliveInitialDelayMilliseconds: config.keepAliveInitialDelayMillis,
    poolSize: config.max,
    idleTimeoutMilliseconds: config.idleTimeoutMillis,
    maxUses: config.maxUses,
    maxLifetimeMilliseconds:
      config.maxLifetimeSeconds === undefined ? undefined : config.maxLifetimeSeconds * 1000,
    queueTimeoutMilliseconds: connectionTimeoutMillis,
    connectionTimeoutMilliseconds:
      connectionTimeoutMillis === 0 ? undefined : connectionTimeoutMillis,
    // Programs set their connections up when they are opened, and rely on finding them so.
    resetOnRelease: false,
    socket: stream === undefined ? undefined : ({host, port}) => connected(stream(), host, port),
    ...config.engineOptions,
  });
}

function milliseconds(value: number | string | false | undefined): number | undefined {
  return value === undefined || value === false ? undefined : Number(value);
}

/** `options` has no option of its own in @databases/pg, but a place in the connection string. */
function connectionStringOf({connectionString, options}: ClientConfig): string | false {
  if (options === undefined || options === '') return connectionString ?? false;
  const base = connectionString ?? 'postgres://';
  return `${base}${base.includes('?') ? '&' : '?'}options=${encodeURIComponent(options)}`;
}

function connected(socket: Duplex, host: string, port: number): Duplex {
  if ('connect' in socket && typeof socket.connect === 'function') socket.connect(port, host);
  return socket;
}

function withoutUndefined(config: ConnectionPoolConfig): ConnectionPoolConfig {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
}
