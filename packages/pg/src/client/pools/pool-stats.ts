/** Puts together what `stats()` says of a pool. Nothing is measured here. */
import type {ResolvedPoolOptions} from '../../config';
import type {Connection} from '../../connection';
import type {Pool} from '../../pool';
import type {PoolLimits, PoolStats, StatementStats} from '../api/pool-stats';
import type {Environment} from '../queries/environment';
import type {StatementCatalog} from '../statements/statement-catalog';
import {mostBy} from './most-by';

/** How many of the statements are listed. */
const MOST_STATEMENTS = 20;
const MOST_WAITERS = 100;

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
  return mostBy(catalog.answered(), MOST_STATEMENTS, ({cost}) => cost.answerMilliseconds).map(
    ({text, cost}) => ({
      text,
      count: cost.answers,
      totalMilliseconds: cost.answerMilliseconds,
      meanMilliseconds: cost.answerMilliseconds / cost.answers,
      longestMilliseconds: cost.longestAnswerMilliseconds,
    }),
  );
}
