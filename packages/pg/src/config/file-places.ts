/**
 * Where libpq looks for a user's files when nobody names them (pqGetHomeDirectory() of fe-connect.c).
 *
 * In the home directory with dots before their names; on Windows without, in `%APPDATA%\postgresql`. Reads nothing.
 */
import {posix, win32} from 'node:path';
import type {ConfigSources} from './settings';

/** `undefined` where there is no home directory. */
export function passwordFilePlace(sources: ConfigSources): string | undefined {
  return place(sources, ['.pgpass'], 'pgpass.conf');
}

/** The one place where Windows keeps the dot. */
export function serviceFilePlace(sources: ConfigSources): string | undefined {
  return place(sources, ['.pg_service.conf'], '.pg_service.conf');
}

/** `name`: `root.crt`, `root.crl`, `postgresql.crt` or `postgresql.key`. */
export function certificatePlace(sources: ConfigSources, name: string): string | undefined {
  return place(sources, ['.postgresql', name], name);
}

function place(
  {env, homedir, platform}: ConfigSources,
  inHome: readonly string[],
  inApplicationData: string,
): string | undefined {
  if (platform !== 'win32')
    return homedir === undefined || homedir === '' ? undefined : posix.join(homedir, ...inHome);
  const applicationData = env['APPDATA'];
  return applicationData === undefined || applicationData === ''
    ? undefined
    : win32.join(applicationData, 'postgresql', inApplicationData);
}
