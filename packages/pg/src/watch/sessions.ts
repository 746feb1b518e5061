/** The sessions of a database as its server sees them: one SELECT on pg_stat_activity, and a picture of the answer. */
import sql from '@databases/sql';
import type {ConnectionPool, ResultRow} from '../client';
import type {Picture, Source} from './picture';
import {FAINT, GREEN, RED, YELLOW, printable, renderDuration, renderTable} from './terminal-table';
import type {Column, TerminalStyle} from './terminal-table';

/** Who blocks is asked of those only that wait for a lock: pg_blocking_pids stops the lock manager for a moment. */
const SESSIONS = sql`
SELECT pid, usename::text AS "user", application_name AS application, host(client_addr) AS address, state,
  wait_event_type AS "waitType", wait_event AS wait,
  CASE WHEN wait_event_type = 'Lock' THEN pg_catalog.pg_blocking_pids(pid) ELSE '{}' END AS "blockedBy",
  (SELECT string_agg(concat_ws(' ', locktype, mode, relation::regclass::text), ', ')
    FROM pg_catalog.pg_locks WHERE wait_event_type = 'Lock' AND pg_locks.pid = activity.pid AND NOT granted) AS "waitsFor",
  (extract(epoch FROM clock_timestamp() - state_change) * 1000)::float8 AS "stateMilliseconds",
  (extract(epoch FROM clock_timestamp() - xact_start) * 1000)::float8 AS "transactionMilliseconds",
  (extract(epoch FROM clock_timestamp() - backend_start) * 1000)::float8 AS "ageMilliseconds",
  left(query, 500) AS query
FROM pg_catalog.pg_stat_activity AS activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND coalesce(backend_type, 'client backend') = 'client backend'
ORDER BY state IS NOT DISTINCT FROM 'idle', xact_start NULLS LAST, pid`;

const SERVER = sql`
SELECT current_database()::text AS database, current_setting('server_version') AS version,
  pg_catalog.pg_is_in_recovery() AS standby, current_setting('max_connections')::int AS "maxConnections",
  (SELECT count(*)::int FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend') AS connections`;

const STATE_COLOURS: ReadonlyMap<unknown, number> = new Map([
  ['active', GREEN],
  ['idle', FAINT],
  ['idle in transaction', YELLOW],
  ['idle in transaction (aborted)', RED],
]);

const COLUMNS: readonly Column<ResultRow>[] = [
  {title: 'PID', align: 'right', cell: ({pid}) => pid},
  {title: 'USER', cell: ({user}) => user},
  {title: 'APPLICATION', cell: ({application}) => application},
  {
    title: 'STATE',
    cell: ({state}) => ({text: state ?? '-', colour: STATE_COLOURS.get(state) ?? 0}),
  },
  {title: 'FOR', align: 'right', cell: (row) => renderDuration(row.stateMilliseconds)},
  {
    title: 'TRANSACTION',
    align: 'right',
    cell: (row) => renderDuration(row.transactionMilliseconds),
  },
  {title: 'WAITS', cell: (row) => (row.state === 'active' ? (row.waitsFor ?? row.wait) : '')},
  {title: 'BEHIND', cell: ({blockedBy}) => ({text: blockedBy.join(' '), colour: RED})},
  {title: 'STATEMENT', cell: ({query}) => query},
];

/** Takes the pool over: it is disposed with the source. */
export function serverSource(db: ConnectionPool): Source {
  return {
    async look() {
      const [servers, sessions] = await db.query([SERVER, SESSIONS]);
      return sessionsPicture(servers?.[0] ?? {}, sessions ?? []);
    },
    async close() {
      // A server that is frozen would be waited for.
      db.disconnect('the command ends');
      await db.dispose();
    },
  };
}

export function sessionsPicture(server: ResultRow, sessions: readonly ResultRow[]): Picture {
  const {database, version, standby, connections, maxConnections} = server;
  const count = (state: string) => sessions.filter((session) => session.state === state).length;
  const blocked = sessions.filter(({blockedBy}) => blockedBy.length > 0).length;
  return {
    data: {server, sessions},
    render: (style: TerminalStyle) => [
      printable(
        `${database}: Postgres ${version}, ${standby === true ? 'standby' : 'primary'}, ${connections} of ${maxConnections} connections`,
      ),
      `${sessions.length} sessions of others here: ${count('active')} active, ${count('idle in transaction')} idle in a transaction, ${count('idle')} idle, ${blocked} blocked`,
      '',
      ...renderTable(COLUMNS, sessions, style),
    ],
  };
}
