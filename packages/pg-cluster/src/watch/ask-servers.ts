/** What servers say of their clients and standbys. Any role may ask; what it may not see is null. */
import sql from '@databases/sql';
import type {ResultRow} from '@databases/pg';
import type {Standby} from './picture';

/** Without `pg_read_all_stats`, `backend_type` and `state` of other roles' sessions are null. */
export const CLIENTS = sql`
SELECT count(*)::int AS clients,
  CASE WHEN count(*) FILTER (WHERE state IS NULL) = 0
    THEN (count(*) FILTER (WHERE state = 'active'))::int END AS active_clients
FROM pg_catalog.pg_stat_activity
WHERE coalesce(backend_type, 'client backend') = 'client backend'
  AND datid IS NOT NULL AND usesysid IS NOT NULL
  AND application_name IS DISTINCT FROM current_setting('application_name')`;

export const STANDBYS = sql`
SELECT application_name AS name, host(client_addr) AS address, state, sync_state AS sync,
  (CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN
    greatest(0, pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_flush_lsn(), replay_lsn))
  END)::float8 AS behind_bytes,
  (extract(epoch FROM replay_lag) * 1000)::float8 AS behind_milliseconds
FROM pg_catalog.pg_stat_replication
ORDER BY 1, 2, pid`;

export interface Clients {
  readonly clients: number;
  readonly activeClients: number | undefined;
}

export function readClients([row]: readonly ResultRow[]): Clients | undefined {
  const {clients, active_clients: active}: Record<string, unknown> = row ?? {};
  if (typeof clients !== 'number') return undefined;
  return {clients, activeClients: typeof active === 'number' ? active : undefined};
}

export function readStandbys(rows: readonly ResultRow[]): Standby[] {
  return rows.map((row: Record<string, unknown>) => ({
    name: text(row['name']) ?? '',
    address: text(row['address']),
    state: text(row['state']),
    sync: text(row['sync']),
    behindBytes: number(row['behind_bytes']),
    behindMilliseconds: number(row['behind_milliseconds']),
  }));
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
