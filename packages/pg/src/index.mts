/* What `import` gets: the same objects as `require`, under names. */
// oxlint-disable-next-line import/default -- `export =` is the default export of CommonJS
import api from './index.js';

export default api;
export const {
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
} = api;
export type QueryableType = api.QueryableType;
export type IsolationLevel = api.IsolationLevel;
export type SQLErrorCode = api.SQLErrorCode;
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
  QueryOptions,
  Subscription,
  Notification,
  NotificationGap,
  ListenOptions,
  CopyItem,
  CopyOptions,
  CopySource,
  PoolStats,
  ClientConfig,
  ConnectionPoolConfig,
} from './index.js';
