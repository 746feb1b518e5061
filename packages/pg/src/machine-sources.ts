/** The configuration's readers of this machine: environment, files, user. */
import {existsSync, readFileSync, statSync} from 'node:fs';
import {homedir, userInfo} from 'node:os';
import type {ConfigSources} from './config';

/** What `createConnectionPool` reads: for `resolveConfig` of `@databases/pg/config`. */
export function machineSources(): ConfigSources {
  return {
    env: process.env,
    // Most places have no file, and an error costs several times what asking first does.
    readFile: (path) => (existsSync(path) ? attempt(() => readFileSync(path, 'utf8')) : undefined),
    fileMode: (path) =>
      process.platform === 'win32' ? undefined : attempt(() => statSync(path).mode & 0o777),
    get homedir() {
      return attempt(homedir);
    },
    // Most programs say who they are, and asking the system reads its list of users.
    get username() {
      return process.env['USER'] ?? attempt(() => userInfo().username);
    },
    get cwd() {
      return attempt(() => process.cwd());
    },
    platform: process.platform,
  };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
