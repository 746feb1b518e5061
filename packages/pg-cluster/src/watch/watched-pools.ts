/**
 * Which nodes are to be watched: one pool for each host that the command line, or the environment, names.
 *
 * A text may be a connection string with one or several hosts, or `host:port`. What it leaves out is taken from where
 * `createConnectionPool` takes it.
 */
import createConnectionPool from '@databases/pg';
import {
  formatConnectionString,
  machineSources,
  parseConnectionString,
  resolveConfig,
} from '@databases/pg/config';
import type {NamedPool} from '../cluster/create-cluster';

export interface WatchedHosts {
  /** None: what the environment says. */
  readonly texts: readonly string[];
  readonly user: string | undefined;
  readonly database: string | undefined;
}

/** By this name the connections of the command are told from those of programs. */
const APPLICATION_NAME = 'pg-cluster watch';
/** An answer that is later is not waited for: the picture shows that there was none. */
const QUERY_TIMEOUT_MILLISECONDS = 1000;

/** @throws {ConfigurationError} `PG_CONFIGURATION_INVALID` */
export function watchedPools({texts, user, database}: WatchedHosts): NamedPool[] {
  const chosen = texts.length > 0 ? texts : [process.env['DATABASE_URL'] ?? 'postgres://'];
  const strings = chosen.flatMap((text) => singleHosts(text, {user, database}));
  return strings.map(({name, connectionString}) => ({
    name,
    pool: createConnectionPool({
      connectionString,
      applicationName: APPLICATION_NAME,
      poolSize: 1,
      queryTimeoutMilliseconds: QUERY_TIMEOUT_MILLISECONDS,
      onError() {},
    }),
  }));
}

function singleHosts(
  text: string,
  given: Pick<WatchedHosts, 'user' | 'database'>,
): {name: string; connectionString: string}[] {
  const parts = parseConnectionString(isConnectionString(text) ? text : `postgres://${text}`);
  const own = {
    user: given.user ?? parts.user,
    // Not enumerable, as are secrets among the parameters.
    password: parts.password,
    database: given.database ?? parts.database,
    // Standbys are to be seen, whatever the program wants of its connections.
    parameters: {...allParameters(parts.parameters), target_session_attrs: 'any'},
  };
  const {host, port, hostaddr} = parts;
  const whole = formatConnectionString({...own, host, port, hostaddr});
  const config = resolveConfig({connectionString: whole}, machineSources());
  return config.host.map((name, index) => {
    const address = config.hostaddr[index] ?? '';
    const number = config.port[index] ?? 5432;
    const shown = name === '' ? address : name;
    return {
      name: `${shown.includes(':') ? `[${shown}]` : shown}:${number}`,
      connectionString: formatConnectionString({
        ...own,
        host: [name],
        port: [number],
        hostaddr: address === '' ? [] : [address],
      }),
    };
  });
}

/** `host=a port=5432`, or a URL. */
function isConnectionString(text: string): boolean {
  return text.includes('://') || text.includes('=');
}

function allParameters(parameters: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.getOwnPropertyNames(parameters).map((name) => [name, parameters[name] ?? '']),
  );
}
