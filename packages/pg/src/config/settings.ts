/**
 * A setting is one keyword's value as text, with the place it came from.
 *
 * Keywords are libpq's (`dbname`, `sslmode`, ...) plus the few of our own that a connection string may carry
 * (see foreign-parameters.ts). This module knows no keyword and reads nothing.
 */
import {ConfigurationError} from '../errors';

export type ProvenanceKind =
  | 'option'
  | 'connectionString'
  | 'environment'
  | 'passwordFile'
  | 'serviceFile'
  | 'default';

/** Where a value came from. `name`: the option, the variable, the file. `DATABASE_URL` is a `connectionString`. */
export interface Provenance {
  readonly kind: ProvenanceKind;
  readonly name: string;
  /** Of the service file: the name between the brackets. */
  readonly section?: string;
  /** Of the service file or the password file, from 1. */
  readonly line?: number;
}

export interface Setting {
  readonly value: string;
  readonly from: Provenance;
}

export type Settings = ReadonlyMap<string, Setting>;

/** The readers that stand between this pure folder and the machine. */
export interface ConfigSources {
  readonly env: Record<string, string | undefined>;
  /** The file's text, `undefined` when there is none. A reader that throws has found none. */
  readFile(path: string): string | undefined;
  /** The permission bits; `undefined` where they mean nothing (Windows). Without it nothing is checked. */
  fileMode?(path: string): number | undefined;
  /** The home directory of this process' user: `os.homedir()`. */
  readonly homedir: string | undefined;
  /** The operating system's name for this process' user: the default of `user`. */
  readonly username: string | undefined;
  /** As `process.platform`: `win32` looks for files in `%APPDATA%\postgresql`. Without it: as everywhere else. */
  readonly platform?: string | undefined;
  /** Where the search for a `pg` config file starts. Without it there is no search. */
  readonly cwd?: string | undefined;
}

/** How messages name a source: `option "host"`, `DATABASE_URL`, `PGPORT`, `service file /x, section [a], line 3`. */
export function nameSource(from: Provenance): string {
  if (from.kind === 'option') return `option "${from.name}"`;
  if (from.kind === 'connectionString' && from.name === 'connectionString')
    return 'the connection string';
  if (from.kind === 'serviceFile') return `service file ${from.name}${nameSpot(from)}`;
  if (from.kind === 'passwordFile') return `password file ${from.name}${nameSpot(from)}`;
  if (from.kind === 'default') return `the default (${from.name})`;
  return from.name;
}

function nameSpot({section, line}: Provenance): string {
  return `${section === undefined ? '' : `, section [${section}]`}${line === undefined ? '' : `, line ${line}`}`;
}

/** The error for a value that cannot be used. `problem` must not contain the value of a secret. */
export function invalid(from: Provenance, problem: string): ConfigurationError {
  const source = nameSource(from);
  return new ConfigurationError(`${source}: ${problem}`, {source});
}
