/** What the package shows of the client layer. */
export {createPoolClient} from './create-pool';
export type {AdvisoryLockKey} from './advisory-lock-key';
export type {QueryHandlers} from './query-handlers';
export {
  IsolationLevel,
  QueryableType,
  isConnection,
  isConnectionPool,
  isTransaction,
} from './queryable';
export type {
  Connection,
  ConnectionPool,
  QueryNodeStreamOptions,
  QueryOptions,
  QueryStreamOptions,
  Queryable,
  ResultRow,
  Transaction,
  TransactionOptions,
} from './queryable';
