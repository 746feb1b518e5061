/** What the package shows of the client layer. */
export {createPoolClient} from './create-pool';
export {LastServer} from './last-server';
export {giveBack} from './pool-queries';
export {createPool} from './pooled-connections';
export type {PoolLimits, PoolStats, StatementStats} from './pool-stats';
export type {CreateInspector, InspectorHandler, InspectorOptions} from './inspector-options';
export type {FailureStats} from './failures';
export type {LaneStats, LeaseStats, PoolTotals, RunningStats, WaiterStats} from '../pool';
export type {CopyItem, CopySource} from './copy-source';
export type {AdvisoryLockKey} from './advisory-lock-key';
export type {QueryHandlers} from './query-handlers';
export type {
  ListenOptions,
  Notification,
  NotificationGap,
  Subscription,
} from './listen/notification';
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
  AnotherPoolOptions,
  CopyOptions,
  DisposeOptions,
  QueryNodeStreamOptions,
  PipelineOutcome,
  QueryOptions,
  QueryStreamOptions,
  Queryable,
  ResultRow,
  Transaction,
  TransactionOptions,
} from './queryable';
