/*
 * `@databases/pg`: the factory itself, with everything else hanging on it.
 *
 * `require` gives the function; index.mts gives the same one to `import`, so both module systems share one
 * instance.
 */
import sql, {isSqlQuery, pgFormat} from '@databases/sql';
import type {SQLQuery} from '@databases/sql';
import {
  IsolationLevel,
  QueryableType,
  createPoolClient,
  isConnection,
  isConnectionPool,
  isTransaction,
} from './client';
import type {
  Connection,
  ConnectionPool,
  QueryOptions,
  Queryable,
  Transaction,
  TransactionOptions,
} from './client';
import {resolveConfig, resolvePoolOptions} from './config';
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
import {machineSources} from './machine-sources';
import {DataTypeID, PostgresInterval} from './types';

interface ConnectionPoolConfig extends PoolConfig<SQLQuery> {}

/**
 * Creates a pool of connections. Nothing is connected before the first query.
 *
 * @param options A connection string, an object of options, or nothing: then `DATABASE_URL`, else the
 *   `PG*` variables.
 * @throws {ConfigurationError} What is said contradicts itself or does not say where the database is.
 */
function createConnectionPool(options?: string | ConnectionPoolConfig): ConnectionPool {
  const config = resolveConfig(options, machineSources());
  const given = typeof options === 'object' ? options : {};
  return createPoolClient(config, resolvePoolOptions(given, config.poolDefaults));
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
    SQLQuery,
    SQLError,
    Queryable,
    Transaction,
    Connection,
    ConnectionPool,
    TransactionOptions,
    QueryOptions,
    ConnectionPoolConfig,
    ConnectionPoolConfig as ClientConfig,
  };
}

export = createConnectionPool;
