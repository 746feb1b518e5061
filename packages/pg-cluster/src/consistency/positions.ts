/** The questions for positions that travel with other statements, and what their answers mean. */
import sql from '@databases/sql';
import type {ResultRow} from '@databases/pg';
import {parseLsn} from './lsn';
import type {Lsn} from './lsn';

/**
 * Behind a write, with a Sync of its own: what is asked before the COMMIT misses it. With synchronous_commit off the
 * commit is not flushed yet, so only the insert position covers it; else the flush position is exact, and a replica has
 * it soon, while the insert position waits for whatever else is being written.
 */
export const TOKEN_QUESTION = sql`
SELECT (CASE pg_catalog.current_setting('synchronous_commit') WHEN 'off' THEN pg_catalog.pg_current_wal_insert_lsn()
    ELSE pg_catalog.pg_current_wal_flush_lsn() END)::text AS lsn,
  ('x' || substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8))::bit(32)::int::text AS timeline`;

/** In front of a read, with a Sync of its own: the snapshot of the read is taken later, so it has at least that. */
export const PROOF_QUESTION = sql`
SELECT pg_catalog.pg_last_wal_replay_lsn()::text AS lsn, pg_catalog.pg_is_in_recovery()::text AS in_recovery`;

export interface Position {
  readonly lsn: Lsn;
  readonly timeline: number;
}

export function readPosition(rows: readonly ResultRow[]): Position {
  const {lsn, timeline}: Record<string, unknown> = rows[0];
  return {lsn: parseLsn(String(lsn)), timeline: Number(timeline)};
}

/** Undefined: it is no standby any more, or has replayed nothing. */
export function readProof(rows: readonly ResultRow[]): Lsn | undefined {
  const {lsn, in_recovery: recovery}: Record<string, unknown> = rows[0];
  return recovery === 'true' && typeof lsn === 'string' ? parseLsn(lsn) : undefined;
}
