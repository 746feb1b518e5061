/**
 * What a node says of itself, in one statement that any role may run.
 *
 * The timeline of a standby is not shown to everybody: the walreceiver knows it, but tells only roles that may read all
 * statistics; the control file lags until the next restartpoint. So it may be too low, never too high.
 */
import sql from '@databases/sql';
import type {ResultRow} from '@databases/pg';
import {parseLsn} from '../consistency/lsn';
import type {Lsn} from '../consistency/lsn';

export interface NodeFacts {
  readonly systemId: string;
  readonly timeline: number;
  readonly inRecovery: boolean;
  /** Of a standby what it has replayed, of a primary what it has flushed. */
  readonly lsn: Lsn;
  /** Whether what it has acknowledged was flushed before, so that the position covers it. */
  readonly flushesFirst: boolean;
  /** Of a primary: another one after functions, views and the like were made or changed by anybody. */
  readonly catalogueCount: string | undefined;
}

/**
 * The relations of the system that the routing catalogue is made of: pg_proc, pg_aggregate, pg_operator, pg_cast,
 * pg_rewrite (views), pg_policy, pg_sequence, pg_foreign_table, pg_inherits. Temporary tables leave them alone.
 */
const CATALOGUE_OIDS = [1255, 2600, 2617, 2605, 2618, 3256, 2224, 3118, 2611];

/**
 * How many rows of them have been written, by the statistics. A session tells of its writes when it ends, with a commit
 * a second later, or when it was idle for ten (PGSTAT_MIN_INTERVAL and PGSTAT_IDLE_INTERVAL in pgstat.c).
 */
const CATALOGUE_COUNT = sql.__dangerous__rawValue(
  CATALOGUE_OIDS.flatMap((oid) =>
    ['inserted', 'updated', 'deleted'].map(
      (what) => `pg_catalog.pg_stat_get_tuples_${what}(${oid})`,
    ),
  ).join(' + '),
);

export const PROBE = sql`
SELECT pg_catalog.pg_is_in_recovery()::text AS in_recovery,
  (CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
    ELSE pg_catalog.pg_current_wal_flush_lsn() END)::text AS lsn,
  pg_catalog.current_setting('synchronous_commit') AS synchronous_commit,
  (SELECT system_identifier::text FROM pg_catalog.pg_control_system()) AS system_id,
  (CASE WHEN pg_catalog.pg_is_in_recovery() THEN
    GREATEST(
      (SELECT timeline_id FROM pg_catalog.pg_control_checkpoint()),
      (SELECT min_recovery_end_timeline FROM pg_catalog.pg_control_recovery()),
      (SELECT received_tli FROM pg_catalog.pg_stat_wal_receiver)
    )
    ELSE ('x' || substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8))::bit(32)::int
  END)::text AS timeline,
  (CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN ${CATALOGUE_COUNT} END)::text AS catalogue_count`;

/** Undefined: a standby that has nothing replayed yet, or an answer of another shape. */
export function readFacts(rows: readonly ResultRow[]): NodeFacts | undefined {
  const [row] = rows;
  const {
    lsn,
    system_id: systemId,
    timeline,
    in_recovery: recovery,
    synchronous_commit: synchronousCommit,
    catalogue_count: count,
  }: Record<string, unknown> = row;
  if (typeof lsn !== 'string' || typeof systemId !== 'string') return undefined;
  return {
    systemId,
    timeline: Number(timeline),
    inRecovery: recovery === 'true',
    lsn: parseLsn(lsn),
    flushesFirst: synchronousCommit !== 'off',
    catalogueCount: typeof count === 'string' ? count : undefined,
  };
}
