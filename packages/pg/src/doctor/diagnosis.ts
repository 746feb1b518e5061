/**
 * What an error on the way to a session means and what to change: one entry per cause, told by codes.
 *
 * Never by the text of a message: servers translate theirs. What the server itself said is shown beside it.
 */
import {AuthenticationError, DatabaseError, ProtocolError, TimeoutError} from '../errors';
import {codeOf} from './failing-step';
import type {HostContext} from './host-context';
import type {Journey} from './journey';
import {networkDiagnosis} from './network-diagnosis';
import type {Diagnosis} from './network-diagnosis';

export function diagnose(journey: Journey, context: HostContext): Diagnosis {
  const {error} = journey;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof DatabaseError) {
    return refusal(error, journey, context);
  }
  if (error instanceof AuthenticationError) {
    return {summary: message, advice: authenticationAdvice(error, context)};
  }
  if (error instanceof ProtocolError) return {summary: message, advice: wrongPort(context)};
  const known = networkDiagnosis(codeOf(error), context);
  if (known !== undefined) return known;
  if (error instanceof TimeoutError) return {summary: message, advice: silence(journey, context)};
  if (journey.tlsAnswer?.value === 'N') return {summary: message, advice: noTls(context)};
  return {summary: message, advice: wrongPort(context)};
}

function refusal(error: DatabaseError, journey: Journey, context: HostContext): Diagnosis {
  const {user, database, source} = context;
  switch (error.code) {
    case '28P01':
      return {
        summary: `the server refused the password of user "${user}"`,
        advice: [
          `the password came from ${source('password')}: check it there; in a URL, characters like @ / : # % have to be percent-encoded`,
          `to set a new one, as an administrator: ALTER ROLE ${user} PASSWORD '...'`,
        ],
      };
    case '28000':
      return error.routine === 'InitializeSessionUserId'
        ? {
            summary: `user "${user}" does not exist there, or may not log in`,
            advice: [
              `the user came from ${source('user')}: check it there`,
              `to create it, as an administrator: CREATE ROLE ${user} LOGIN`,
            ],
          }
        : {
            summary: "the server's pg_hba.conf does not let this client in",
            advice: hba(journey, context),
          };
    case '3D000':
      return {
        summary: `database "${database}" does not exist on this server`,
        advice: [
          source('database') === 'default'
            ? `no database is configured, so it is the one named like the user; put its name behind the port: postgres://.../name`
            : `the name came from ${source('database')}: check it there, upper and lower case included`,
          `to create it: CREATE DATABASE ${database}`,
        ],
      };
    case '53300':
      return {
        summary: 'all connections that the server allows are taken',
        advice: crowded(context),
      };
    case '57P03':
      return {
        summary: 'the server runs but takes no sessions yet',
        advice: [
          'wait: a pool tries again for 5 seconds; recovery after a crash can take minutes',
          "if it stays so, read the server's log; a standby needs hot_standby=on to be queried",
        ],
      };
    case '57P01':
    case '57P02':
      return {
        summary: 'the server is shutting down',
        advice: ['wait until it is back, or start it'],
      };
    case '42501':
      return {
        summary: `user "${user}" may not connect to database "${database}"`,
        advice: [`as an administrator: GRANT CONNECT ON DATABASE ${database} TO ${user}`],
      };
    default:
      return {summary: 'the server refused the session', advice: ["the server's log says more"]};
  }
}

function hba(journey: Journey, {user, database}: HostContext): string[] {
  const encrypted = journey.secured !== undefined;
  return [
    `add a line to pg_hba.conf, above the one that rejects: ${encrypted ? 'hostssl' : 'host'} ${database} ${user} <address of this client> scram-sha-256; then SELECT pg_reload_conf()`,
    encrypted
      ? 'the server may take only certain users, databases or client addresses: what it saw is in its message'
      : 'this connection is without TLS, and the server may take only TLS: try sslmode=require',
  ];
}

function crowded({poolSize, processes}: HostContext): string[] {
  return [
    `this program may take ${poolSize * processes} of them (poolSize ${poolSize} x ${processes}): lower poolSize, or the number of processes`,
    'see who has them: SELECT usename, application_name, state, count(*) FROM pg_stat_activity GROUP BY 1, 2, 3 ORDER BY 4 DESC',
    'raise max_connections (needs a restart) or put a pooler like PgBouncer in front; the limit may also be of the role or the database (CONNECTION LIMIT)',
  ];
}

function authenticationAdvice(error: AuthenticationError, {source}: HostContext): string[] {
  switch (error.code) {
    case 'PG_PASSWORD_MISSING':
      return [
        'set PGPASSWORD, add a line to ~/.pgpass, or put the password into the connection string',
      ];
    case 'PG_AUTHENTICATION_REFUSED':
      return ['use TLS (sslmode=require or better), or scram-sha-256 in pg_hba.conf'];
    case 'PG_AUTHENTICATION_UNSUPPORTED':
      return ['use scram-sha-256 in pg_hba.conf for this user'];
    case 'PG_SERVER_NOT_PROVEN':
      return [
        `the password from ${source('password')} may be another than the server's, or something stands in between: check the host, and use sslmode=verify-full`,
      ];
  }
}

function wrongPort({port, source}: HostContext): string[] {
  return [
    `port ${port} came from ${source('port')}: check it there; Postgres usually listens on 5432`,
    'a pooler or proxy that needs TLS from the first byte is reached with sslnegotiation=direct and sslmode=require',
  ];
}

function silence(journey: Journey, {host, port}: HostContext): string[] {
  if (journey.connected !== undefined) {
    return [
      'something listens there and does not answer: the server may be overloaded or frozen, or a proxy has no server behind it',
    ];
  }
  return [
    `no packet came back: check the firewall or security group of ${host} for TCP port ${port}, and that this machine is in a network that may reach it`,
    'a server that is merely far away needs a higher connect_timeout',
  ];
}

function noTls({sslMode}: HostContext): string[] {
  return [
    'turn TLS on in the server: ssl=on with ssl_cert_file and ssl_key_file in postgresql.conf',
    `sslmode=${sslMode} asks for TLS; sslmode=disable goes without, on a network you trust`,
  ];
}
