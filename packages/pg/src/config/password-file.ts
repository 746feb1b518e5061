/**
 * Looks passwords up in `~/.pgpass` (docs "The Password File"): lines of `hostname:port:database:username:password`.
 *
 * `*` matches anything, a backslash escapes `:` and `\`, the first line that matches counts. A file that others may
 * read is not used, as in libpq; the caller gets a warning instead.
 */
import {passwordFilePlace} from './file-places';
import type {ConfigSources} from './settings';

export interface PasswordQuery {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

export interface FoundPassword {
  readonly password: string;
  /** Where in the file, from 1. */
  readonly line: number;
}

export interface PasswordFile {
  readonly path: string;
  /** Why the file is there and yet not used. */
  readonly warning: string | undefined;
  find(query: PasswordQuery): FoundPassword | undefined;
}

// DEFAULT_PGSOCKET_DIR as built by the Postgres project and by Debian: the file calls them localhost.
const defaultSocketDirectories: ReadonlySet<string> = new Set(['/tmp', '/var/run/postgresql']);

/** Reads `passfile`, or `~/.pgpass` without one. A file that does not exist has no passwords. */
export function openPasswordFile(
  passfile: string | undefined,
  sources: ConfigSources,
): PasswordFile | undefined {
  const path = passfile ?? passwordFilePlace(sources);
  if (path === undefined) return undefined;
  const text = sources.readFile(path);
  if (text === undefined) return undefined;
  const mode = sources.fileMode?.(path);
  if (mode !== undefined && (mode & 0o077) !== 0)
    return {
      path,
      warning: `password file ${path} is not used because others may access it (mode ${(mode & 0o777).toString(8)}); run: chmod 0600 ${path}`,
      find: () => undefined,
    };
  const entries = parsePasswordFile(text);
  return {path, warning: undefined, find: (query) => findPassword(entries, query)};
}

interface Entry {
  /** Host, port, database, user. */
  readonly pattern: readonly [Field, Field, Field, Field];
  readonly password: string;
  readonly line: number;
}

interface Field {
  readonly value: string;
  /** An unescaped `*` alone. */
  readonly matchesAll: boolean;
}

export function parsePasswordFile(text: string): Entry[] {
  const entries: Entry[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line === '' || line.startsWith('#')) continue;
    const [host, port, database, user, password] = splitFields(line);
    if (host && port && database && user && password)
      entries.push({
        pattern: [host, port, database, user],
        password: password.value,
        line: index + 1,
      });
  }
  return entries;
}

function splitFields(line: string): Field[] {
  const fields: Field[] = [];
  let value = '';
  let start = 0;
  for (let index = 0; index <= line.length; index++) {
    const character = line[index];
    if (character === undefined || character === ':') {
      fields.push({value, matchesAll: line.slice(start, index) === '*'});
      value = '';
      start = index + 1;
    } else if (character === '\\' && index + 1 < line.length) {
      index++;
      value += line.charAt(index);
    } else value += character;
  }
  return fields;
}

export function findPassword(
  entries: readonly Entry[],
  query: PasswordQuery,
): FoundPassword | undefined {
  const host = defaultSocketDirectories.has(query.host) ? 'localhost' : query.host;
  const wanted = [host, String(query.port), query.database, query.user];
  for (const {pattern, password, line} of entries) {
    const matches = wanted.every((value, index) => {
      const field = pattern[index];
      return field !== undefined && (field.matchesAll || field.value === value);
    });
    // passwordFromFile(): an empty password counts as none, and ends the search.
    if (matches) return password === '' ? undefined : {password, line};
  }
  return undefined;
}
