/** What the package shows of the client layer. */
export {createPoolClient} from './create-pool';
export {LastServer} from './telemetry/last-server';
export {giveBack} from './pools/pool-queries';
export {createPool} from './pools/pooled-connections';
export type {PoolLimits, PoolStats, StatementStats} from './api/pool-stats';
export type {CreateInspector, InspectorHandler, InspectorOptions} from './api/inspector-options';
export type {FailureStats} from './telemetry/failures';
export type {LaneStats, LeaseStats, PoolTotals, RunningStats, WaiterStats} from '../pool';
export type {CopyItem, CopySource} from './copies/copy-source';
export type {AdvisoryLockKey} from './api/advisory-lock-key';
export type {QueryHandlers} from './telemetry/query-handlers';
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
} from './api/queryable';
export type {
  Connection,
  ConnectionPool,
  AnotherPoolOptions,
  CopyOptions,
  DisposeOptions,
  QueryNodeStreamOptions,
  PipelineOutcome,
  QueryHearer,
  QueryOptions,
  QueryStreamOptions,
  Queryable,
  ResultRow,
  RowStream,
  Transaction,
  TransactionOptions,
} from './api/queryable';
