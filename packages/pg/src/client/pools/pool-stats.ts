/**
 * What `stats()` says of a pool: plain data, in a shape that is kept. Types, and putting it together; nothing is
 * measured here.
 */
import type {ResolvedPoolOptions} from '../../config';
import type {Connection} from '../../connection';
import type {LaneStats, Pool, PoolCounts, PoolTotals, WaiterStats} from '../../pool';
import type {Environment} from '../queries/environment';
import type {FailureStats} from '../telemetry/failures';
import type {StatementCatalog} from '../statements/statement-catalog';

/** How many of the statements are listed. */
const MOST_STATEMENTS = 20;
const MOST_WAITERS = 100;

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

export function poolStats(
  pool: Pool<Connection>,
  {catalog, failures, traceTarget}: Environment,
  limits: PoolLimits,
): PoolStats {
  const {poolName: name, serverAddress, serverPort, database} = traceTarget.current;
  return {
    ...pool.stats(),
    name,
    serverAddress,
    serverPort,
    database,
    limits,
    totals: pool.totals(),
    lanes: pool.lanes(),
    waiters: pool.waiters(MOST_WAITERS),
    failures: failures.stats(),
    statements: costliest(catalog),
  };
}

export function limitsOf(options: ResolvedPoolOptions<never>): PoolLimits {
  return {
    poolSize: options.poolSize,
    queueTimeoutMilliseconds: options.queueTimeoutMilliseconds,
    queryTimeoutMilliseconds: options.queryTimeoutMilliseconds,
    idleTimeoutMilliseconds: options.idleTimeoutMilliseconds,
    maxUses: options.maxUses,
    maxLifetimeMilliseconds: options.maxLifetimeMilliseconds,
  };
}

function costliest(catalog: StatementCatalog): StatementStats[] {
  return [...catalog.answered()]
    .sort((one, other) => other.cost.answerMilliseconds - one.cost.answerMilliseconds)
    .slice(0, MOST_STATEMENTS)
    .map(({text, cost}) => ({
      text,
      count: cost.answers,
      totalMilliseconds: cost.answerMilliseconds,
      meanMilliseconds: cost.answerMilliseconds / cost.answers,
      longestMilliseconds: cost.longestAnswerMilliseconds,
    }));
}
