/**
 * The call of earlier versions of this package, which started Docker containers: same name, same
 * options, same answer, on a server of ours. Options that only mean something to Docker are taken
 * and ignored; those that would promise what does not happen are refused.
 */
import {PgTestError} from './error';
import type {ServerOptions} from './options';
import {startServer} from './start-server';
import {parseRelease} from './versions';

export interface GetDatabaseOptions {
  /** A tag such as `postgres:16-alpine` chooses the version; without a number it is the default. */
  image?: string;
  /** Default: the environment's PG_TEST_USER, else `test-user`. A superuser. */
  pgUser?: string;
  /** Default: the environment's PG_TEST_DB, else `test-db`. */
  pgDb?: string;
  /** Default: PG_TEST_PORT, else a free port. */
  externalPort?: number;
  /** Default: a free port, for nothing else is looked at. Ignored. */
  defaultExternalPort?: number;
  /** Default: PG_TEST_CONNECT_TIMEOUT_SECONDS, else 60. */
  connectTimeoutSeconds?: number;
  /** Ignored: there is no container. */
  containerName?: string;
  /** Ignored: nothing is printed. The error of a failed start holds the server's own words. */
  debug?: boolean;
  /** Ignored: versions are exact. */
  refreshImage?: boolean;
  /** Ignored: an image's variables. Use startServer() with `settings`. */
  environment?: Readonly<Record<string, string>>;
  /** Refused: the data is removed at the end. Use startServer(), or `pg-test start`. */
  persistVolume?: string;
}

export interface TestDatabase {
  databaseURL: string;
  /** Ends the server and removes its data. */
  kill: () => Promise<void>;
}

/** Throws as startServer() does. */
export default async function getDatabase(options: GetDatabaseOptions = {}): Promise<TestDatabase> {
  const server = await startServer(compatibleServerOptions(options));
  return {databaseURL: server.connectionString, kill: () => server.stop()};
}

/** What the options and variables of earlier versions mean to startServer(). Throws `PG_TEST_BAD_OPTION`. */
export function compatibleServerOptions(options: GetDatabaseOptions): ServerOptions {
  if (options.persistVolume) {
    throw new PgTestError(
      'PG_TEST_BAD_OPTION',
      'persistVolume is not possible: there is no Docker volume, and the data would be lost without a word. ' +
        'Leave it out, or use "pg-test start", whose server runs until it is stopped.',
    );
  }
  const environment = process.env;
  const version = imageVersion(options.image ?? environment['PG_TEST_IMAGE']);
  const seconds = options.connectTimeoutSeconds ?? wholeNumber('PG_TEST_CONNECT_TIMEOUT_SECONDS');
  return {
    user: options.pgUser ?? environment['PG_TEST_USER'] ?? 'test-user',
    database: options.pgDb ?? environment['PG_TEST_DB'] ?? 'test-db',
    port: options.externalPort ?? wholeNumber('PG_TEST_PORT') ?? 0,
    ...(version === undefined ? {} : {version}),
    ...(seconds === undefined ? {} : {startTimeoutMilliseconds: seconds * 1000}),
  };
}

/** `postgres:16.3-alpine` and `registry:5000/x/postgres:16` are 16; a tag without a number, none. */
function imageVersion(image: string | undefined): number | undefined {
  const major = /:(\d+)[^/]*$/.exec(image ?? '')?.[1];
  return major === undefined ? undefined : parseRelease(major).major;
}

function wholeNumber(variable: string): number | undefined {
  const text = process.env[variable];
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw new PgTestError(
    'PG_TEST_BAD_OPTION',
    `The environment variable ${variable} is ${JSON.stringify(text)}; it must be a whole number.`,
  );
}
