export {systemClock} from './clock';
export type {Clock, TimerHandle} from './clock';
export {CostEstimate} from './cost-estimate';
export type {Lane, Task} from './lane';
export {Lease} from './lease';
export {Pool} from './pool';
export type {AcquireOptions} from './pool';
export type {
  LaneStats,
  LeaseStats,
  PoolCounts,
  PoolOptions,
  PoolTotals,
  ResourceFactory,
  RunningStats,
  WaiterStats,
} from './pool-options';
