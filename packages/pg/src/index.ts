/*
 * `@databases/pg`: the factory itself, with everything else hanging on it.
 *
 * `require` gives the function; index.mts gives the same one to `import`, so both module systems share one
 * instance. What a pool needs is loaded with the first pool (pool-engine.ts).
 */
import sql, {isSqlQuery, pgFormat} from '@databases/sql';
import type {SQLQuery} from '@databases/sql';
import type {
  AnotherPoolOptions,
  Connection,
  ConnectionPool,
  ListenOptions,
  Notification,
  NotificationGap,
  CopyItem,
  CopyOptions,
  DisposeOptions,
  CopySource,
  PoolStats,
  LaneStats,
  LeaseStats,
  RunningStats,
  WaiterStats,
  FailureStats,
  InspectorHandler,
  InspectorOptions,
  PoolLimits,
  PoolTotals,
  StatementStats,
  QueryNodeStreamOptions,
  PipelineOutcome,
  QueryHearer,
  QueryOptions,
  QueryStreamOptions,
  Queryable,
  ResultRow,
  RowStream,
  Subscription,
  Transaction,
  TransactionOptions,
} from './client';
import {
  IsolationLevel,
  QueryableType,
  isConnection,
  isConnectionPool,
  isTransaction,
} from './client/api/queryable';
import type {ConnectionPoolConfig as PoolConfig} from './config';
import {
  AuthenticationError,
  ConfigurationError,
  ConnectionError,
  DatabaseError,
  PgError,
  ProtocolError,
  SQLErrorCode,
  TimeoutError,
  TransactionError,
  UsageError,
  ValueError,
  isSQLError,
} from './errors';
import type {SQLError} from './errors';
import type * as PoolEngine from './pool-engine';
import type {Shareable} from './shared-pools';
import type {
  AcquireTrace,
  CancelTrace,
  ConnectTrace,
  PoolTrace,
  QueryTrace,
  ReleaseTrace,
  StreamTrace,
  TransactionTrace,
} from './tracing';
import {DataTypeID} from './types/data-type-id.generated';
import {PostgresInterval} from './types/interval';

interface ConnectionPoolConfig extends PoolConfig<SQLQuery> {}

/**
 * Creates a pool of connections. Nothing is connected before the first query.
 *
 * @param options A connection string, an object of options, or nothing: then `DATABASE_URL`, else the
 *   `PG*` variables.
 * @throws {ConfigurationError} What is said contradicts itself or does not say where the database is.
 */
function createConnectionPool(options?: string | ConnectionPoolConfig): ConnectionPool {
  // Loaded here, not above: it is most of the package, and an import should cost a program little.
  const {openPool}: typeof PoolEngine = require('./pool-engine');
  return openPool(options);
}

/**
 * The pool of this name in this process. It outlives the module that asks for it, which makes it the right one for
 * servers that load modules anew when a file changes, or that bundle them several times.
 *
 * With options (as createConnectionPool takes them) there is a new pool when they, or what the environment says, have
 * changed; the old one is disposed of: it takes no more work, and ends when its work has. Functions among the options
 * count only by being there. With a function: what it makes, a pool or a cluster, is kept until it is disposed of.
 *
 * @param name For the whole process: two parts of a program that use the same one use one pool.
 * @throws {UsageError} `PG_INVALID_ARGUMENT`: no name. {@link ConfigurationError} As createConnectionPool.
 */
function shared(name: string, options?: string | ConnectionPoolConfig): ConnectionPool;
function shared<T extends Shareable>(name: string, make: () => T): T;
function shared(name: string, made?: string | ConnectionPoolConfig | (() => Shareable)): Shareable {
  const {openShared, openSharedPool}: typeof PoolEngine = require('./pool-engine');
  return typeof made === 'function' ? openShared(name, made) : openSharedPool(name, made);
}

Object.assign(createConnectionPool, {
  default: createConnectionPool,
  shared,
  sql,
  isSqlQuery,
  pgFormat,
  SQLErrorCode,
  isSQLError,
  DataTypeID,
  PostgresInterval,
  QueryableType,
  IsolationLevel,
  isTransaction,
  isConnection,
  isConnectionPool,
  PgError,
  AuthenticationError,
  ConfigurationError,
  ConnectionError,
  DatabaseError,
  ProtocolError,
  TimeoutError,
  TransactionError,
  UsageError,
  ValueError,
});

// A namespace on a function may re-export symbols, and only so can the declaration files of programs name
// the types (TS2883 otherwise).
declare namespace createConnectionPool {
  export {
    createConnectionPool as default,
    shared,
    sql,
    isSqlQuery,
    pgFormat,
    SQLErrorCode,
    isSQLError,
    DataTypeID,
    PostgresInterval,
    QueryableType,
    IsolationLevel,
    isTransaction,
    isConnection,
    isConnectionPool,
    PgError,
    AuthenticationError,
    ConfigurationError,
    ConnectionError,
    DatabaseError,
    ProtocolError,
    TimeoutError,
    TransactionError,
    UsageError,
    ValueError,
  };
  export type {
    AnotherPoolOptions,
    QueryNodeStreamOptions,
    QueryStreamOptions,
    ResultRow,
    RowStream,
    SQLQuery,
    SQLError,
    Shareable,
    Queryable,
    Transaction,
    Connection,
    ConnectionPool,
    TransactionOptions,
    PipelineOutcome,
    QueryHearer,
    QueryOptions,
    Subscription,
    Notification,
    NotificationGap,
    ListenOptions,
    CopyItem,
    CopyOptions,
    DisposeOptions,
    CopySource,
    PoolStats,
    LaneStats,
    LeaseStats,
    RunningStats,
    WaiterStats,
    FailureStats,
    InspectorHandler,
    InspectorOptions,
    PoolLimits,
    PoolTotals,
    StatementStats,
    AcquireTrace,
    CancelTrace,
    ConnectTrace,
    PoolTrace,
    QueryTrace,
    ReleaseTrace,
    StreamTrace,
    TransactionTrace,
    ConnectionPoolConfig,
    ConnectionPoolConfig as ClientConfig,
  };
}

export = createConnectionPool;
