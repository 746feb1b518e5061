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
  QueryOptions,
  QueryStreamOptions,
  Queryable,
  ResultRow,
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
} from './client/queryable';
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

Object.assign(createConnectionPool, {
  default: createConnectionPool,
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
    SQLQuery,
    SQLError,
    Queryable,
    Transaction,
    Connection,
    ConnectionPool,
    TransactionOptions,
    PipelineOutcome,
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
