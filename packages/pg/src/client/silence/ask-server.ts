/**
 * Asks a server, over a connection of its own, what it knows of other sessions of this process.
 *
 * What a session does is in pg_stat_activity, under the number of its process. A pooler in between has numbers of its
 * own, and behind a balancer the same number may be a session of another server: such an answer says nothing.
 */
import {AuthenticationError, DatabaseError} from '../../errors';
import {SimpleQuery} from '../../connection';
import type {Connection, Connector} from '../../connection';
import type {Verdict} from './silence-watch';

type Tell = (connection: Connection, verdict: Verdict) => void;

/** Resolves when all have been told. Never rejects. */
export async function askServers(
  connector: Connector,
  silent: readonly Connection[],
  limitMilliseconds: number,
  tell: Tell,
): Promise<void> {
  const servers = new Map<string, Connection[]>();
  for (const connection of silent) {
    const {target} = connection;
    const host = connection.usedHost();
    const key = JSON.stringify([target, host.endpoint.address]);
    const group = servers.get(key);
    if (group === undefined) servers.set(key, [connection]);
    else group.push(connection);
  }
  await Promise.all(
    Array.from(servers.values(), (group) => askServer(connector, group, limitMilliseconds, tell)),
  );
}

async function askServer(
  connector: Connector,
  group: readonly Connection[],
  limitMilliseconds: number,
  tell: Tell,
): Promise<void> {
  const [first] = group;
  if (first === undefined) return;
  const end = performance.now() + limitMilliseconds;
  let verdictOf: (connection: Connection) => Verdict;
  try {
    const probe = await connector.openBeside(first, limitMilliseconds);
    const timer = setTimeout(
      () => probe.destroy(new Error('no answer in time')),
      Math.max(1, end - performance.now()),
    );
    try {
      const rows = await query(probe, questionAbout(group));
      verdictOf = (connection) => judge(connection, probe, rows);
    } finally {
      clearTimeout(timer);
      probe.close();
    }
  } catch (error) {
    // Too many connections, a new password: it refuses us, but it is there.
    const isThere = error instanceof DatabaseError || error instanceof AuthenticationError;
    verdictOf = () => (isThere ? 'unclear' : 'unreachable');
  }
  for (const connection of group) tell(connection, verdictOf(connection));
}

function questionAbout(group: readonly Connection[]): string {
  const numbers = group.map(({backendKey}) => `(${backendKey?.processId ?? 0})`).join(', ');
  return `SELECT pg_catalog.pg_backend_pid(),
  pg_catalog.host(pg_catalog.inet_server_addr()), pg_catalog.inet_server_port(),
  asked.pid, a.pid, a.state, a.wait_event,
  extract(epoch FROM pg_catalog.clock_timestamp() - a.backend_start)
FROM (VALUES ${numbers}) AS asked(pid)
LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = asked.pid`;
}

type Values = readonly (string | null)[];

function query(connection: Connection, text: string): Promise<readonly Values[]> {
  const rows: Values[] = [];
  return new Promise((resolve, reject) => {
    const done = (error: Error | undefined) =>
      error === undefined ? resolve(rows) : reject(error);
    connection.send(new SimpleQuery(text, done, (values) => rows.push(values)));
  });
}

/** How long the server may have taken to let us in, counted from when the session began. */
const LONGEST_LOGIN_SECONDS = 60;

function judge(connection: Connection, probe: Connection, rows: readonly Values[]): Verdict {
  const number = connection.backendKey?.processId;
  const row = rows.find(([, , , asked]) => number !== undefined && asked === String(number));
  if (row === undefined) return 'unclear';
  const [own, address, port, , found, state, waitsFor, age] = row;
  // A pooler: the process that answers is not the one that was announced.
  if (own !== String(probe.backendKey?.processId)) return 'unclear';
  const same = isSameServer(connection, probe, address ?? null, port ?? null);
  if (typeof found !== 'string') return same ? 'gone' : 'unclear';
  if (!same) {
    const difference = Number(age) - (Date.now() - connection.openedAt) / 1000;
    if (!(difference > -1 && difference < LONGEST_LOGIN_SECONDS)) return 'unclear';
  }
  return verdictOn(connection, state ?? null, waitsFor ?? null);
}

/** Both were connected to the address that the server itself has: there is nobody in between who could choose. */
function isSameServer(
  connection: Connection,
  probe: Connection,
  address: string | null,
  port: string | null,
): boolean {
  const there = connection.peer;
  if (connection.usedHost().endpoint.socketPath !== undefined) return true;
  return (
    there !== undefined &&
    there.address === probe.peer?.address &&
    there.port === probe.peer.port &&
    there.address.replace(/^::ffff:/, '') === address &&
    String(there.port) === port
  );
}

function verdictOn(connection: Connection, state: string | null, waitsFor: string | null): Verdict {
  // Bytes that the server waits for are still to come, however slowly.
  if (connection.isSending) return 'working';
  switch (state) {
    case 'active':
    case 'fastpath function call':
      return waitsFor === 'ClientRead' || waitsFor === 'ClientWrite' ? 'waiting' : 'working';
    case 'idle':
    case 'idle in transaction':
    case 'idle in transaction (aborted)':
      return 'waiting';
    default:
      // track_activities is off, or may not be seen.
      return 'unclear';
  }
}
