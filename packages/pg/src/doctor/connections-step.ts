/** Connections: whether the server has room for all the pools of this program. */
import type {Row} from './ask';
import type {HostContext} from './host-context';
import type {Fact, Step} from './report';

/** Limits of -1 mean none. reserved_connections came with Postgres 16. */
export const CONNECTIONS_QUESTION = `SELECT
  current_setting('max_connections')::int,
  current_setting('superuser_reserved_connections')::int
    + coalesce(current_setting('reserved_connections', true), '0')::int,
  (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend'),
  (SELECT rolconnlimit FROM pg_catalog.pg_roles WHERE rolname = current_user),
  (SELECT datconnlimit FROM pg_catalog.pg_database WHERE datname = current_database())`;

export function connectionsStep(row: Row, {poolSize, processes}: HostContext): Step {
  const [max = 0, reserved = 0, open = 0, roleLimit = -1, databaseLimit = -1] = row.map(Number);
  const wanted = poolSize * processes;
  const limits = [max - reserved, roleLimit, databaseLimit].filter((limit) => limit >= 0);
  const available = Math.min(...limits);
  const facts: Fact[] = [
    {name: 'max_connections', value: max},
    {name: 'reserved', value: reserved},
    {name: 'open now', value: open},
    ...(roleLimit < 0 ? [] : [{name: 'limit of the role', value: roleLimit}]),
    ...(databaseLimit < 0 ? [] : [{name: 'limit of the database', value: databaseLimit}]),
  ];
  const asked = `poolSize ${poolSize} x ${processes} ${processes === 1 ? 'process' : 'processes'} = ${wanted}`;
  if (wanted <= available) {
    return {
      name: 'connections',
      status: 'ok',
      summary: `${asked}, the server allows ${available}`,
      facts,
    };
  }
  return {
    name: 'connections',
    status: 'warn',
    summary: `${asked}, and the server allows only ${available}`,
    facts,
    advice: [
      `lower poolSize to ${Math.max(1, Math.floor(available / processes))} or less, raise max_connections, or put a pooler in front`,
    ],
  };
}
