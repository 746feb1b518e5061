/** What `stats()` says of a pool: plain data, in a shape that is kept. Types only. */
import type {LaneStats, PoolCounts, PoolTotals, WaiterStats} from '../../pool';
import type {FailureStats} from '../telemetry/failures';

export interface PoolStats extends PoolCounts {
  /** The `poolName` option, or `host:port/database`. */
  readonly name: string;
  /** Of several hosts, the one that was connected to last. */
  readonly serverAddress: string;
  readonly serverPort: number;
  readonly database: string;
  readonly limits: PoolLimits;
  readonly totals: PoolTotals;
  /** The open connections, in the order in which they were opened. */
  readonly lanes: readonly LaneStats[];
  /** What waits, the oldest first: 100 of `waiting` at most. */
  readonly waiters: readonly WaiterStats[];
  /** The last 20 failures, the latest first; without values and without what Postgres says in words, which may quote them. */
  readonly failures: readonly FailureStats[];
  /** The 20 on which most time was spent, most first, of the some 2000 texts that were used last. */
  readonly statements: readonly StatementStats[];
}

/** As configured. */
export interface PoolLimits {
  readonly poolSize: number;
  readonly queueTimeoutMilliseconds: number;
  readonly queryTimeoutMilliseconds: number;
  readonly idleTimeoutMilliseconds: number;
  readonly maxUses: number;
  readonly maxLifetimeMilliseconds: number;
}

/**
 * How long the answers to one statement took: from when it was sent, so that waiting for a connection is not in it and
 * the network is. The statements of an array, or of a text of several, are not counted.
 */
export interface StatementStats {
  /** With placeholders. */
  readonly text: string;
  readonly count: number;
  readonly totalMilliseconds: number;
  readonly meanMilliseconds: number;
  readonly longestMilliseconds: number;
}
