/**
 * Pooler: whether something stands between this client and Postgres.
 *
 * Told by the process: a server gives its own process' number at the start of a session, and a pooler, whose
 * sessions move between servers' processes, makes one up.
 */
import type {Step} from './report';

export interface PoolerSigns {
  /** Of BackendKeyData; undefined where none came. */
  readonly announcedProcessId: number | undefined;
  /** What pg_backend_pid() said, each time it was asked. */
  readonly processIds: readonly number[];
  readonly prepare: 'auto' | 'named' | 'never';
}

export function poolerStep({announcedProcessId, processIds, prepare}: PoolerSigns): Step {
  const moves = new Set(processIds).size > 1;
  const differs = !processIds.some((processId) => processId === announcedProcessId);
  if (!moves && !differs) {
    return {name: 'pooler', status: 'ok', summary: 'none: this is Postgres itself'};
  }
  const advice = [
    ...(prepare === 'never'
      ? []
      : [
          'in transaction mode a pooler may forget prepared statements: PgBouncer 1.21 and later keep them with max_prepared_statements > 0, for others set prepare: false',
        ]),
    'LISTEN, advisory locks of a session and SET do not last in transaction mode',
  ];
  return {
    name: 'pooler',
    status: 'warn',
    summary: moves
      ? 'PgBouncer or another pooler, in transaction or statement mode: queries went to different server processes'
      : 'PgBouncer or another pooler: the session is announced under another process than it runs in',
    advice,
  };
}
