/**
 * A real PgBouncer in front of a server, from the machine or out of Debian's package. The configuration is the caller's; only places are filled in here.
 */
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {debianFolder, librariesOf} from './debian-packages';

export interface PgBouncerProgram {
  readonly path: string;
  readonly libraries: string;
  readonly version: readonly number[];
}

export interface PgBouncer extends AsyncDisposable {
  /** What it has said so far. */
  readonly log: readonly string[];
}

/** PgBouncer refuses to run as root. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

/** Undefined on a machine where there is none and none can be had. */
export function findPgBouncer(): PgBouncerProgram | undefined {
  const installed = [
    process.env['PGBOUNCER'] ?? '',
    '/usr/sbin/pgbouncer',
    '/usr/local/bin/pgbouncer',
  ];
  const path = installed.find((one) => one !== '' && existsSync(one));
  if (path !== undefined) return withVersion(path, '');
  const folder = debianFolder('pgbouncer', ['pgbouncer']);
  if (folder === undefined) return undefined;
  return withVersion(join(folder, 'usr/sbin/pgbouncer'), librariesOf(folder));
}

/** Undefined when the program does not run, for example for want of a library. */
function withVersion(path: string, libraries: string): PgBouncerProgram | undefined {
  const {stdout} = spawnSync(path, ['--version'], {
    env: {...process.env, LD_LIBRARY_PATH: libraries},
    encoding: 'utf8',
  });
  const [, version] = /^PgBouncer ([\d.]+)/.exec(stdout ?? '') ?? [];
  if (version === undefined) return undefined;
  return {path, libraries, version: version.split('.').map(Number)};
}

/** Starts it and waits until it takes connections. `users` is the content of its auth_file. */
export async function startPgBouncer(
  {path, libraries}: PgBouncerProgram,
  configuration: (authFile: string) => string,
  users: string,
): Promise<PgBouncer> {
  const folder = mkdtempSync(join(tmpdir(), 'pgbouncer-'));
  chmodSync(folder, 0o755);
  const authFile = join(folder, 'userlist.txt');
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(authFile, users);
  writeFileSync(file, configuration(authFile));
  const child = spawn(path, [file], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {...process.env, LD_LIBRARY_PATH: libraries},
    ...(isRoot ? {uid: NOBODY, gid: NOBODY} : {}),
  });
  const closed = once(child, 'close');
  const log: string[] = [];
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stderr).on('line', (line) => {
      log.push(line);
      if (line.includes('process up')) resolve();
    });
    child.once('error', reject);
    void closed.then(() => reject(new Error(`PgBouncer ended: ${log.join('\n')}`)));
  });
  return {
    log,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await closed;
      rmSync(folder, {recursive: true, force: true});
    },
  };
}
