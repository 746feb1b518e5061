/**
 * A real PgBouncer in front of a server, from the machine or, for root on Debian, unpacked from its package
 * without being installed. The configuration is the caller's; only places are filled in here.
 */
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';

export interface PgBouncerProgram {
  readonly path: string;
  readonly libraries: string;
  readonly version: readonly number[];
}

export interface PgBouncer extends AsyncDisposable {
  /** What it has said so far. */
  readonly log: readonly string[];
}

const PACKAGES = ['pgbouncer', 'libc-ares2', 'libevent-2.1-7'];
const PATIENCE_MILLISECONDS = 60_000;

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
  const folder = join(tmpdir(), 'databases-pg-pgbouncer');
  const unpacked = join(folder, 'usr/sbin/pgbouncer');
  if (!existsSync(unpacked) && !(isRoot && process.platform === 'linux' && unpack(folder)))
    return undefined;
  return withVersion(unpacked, libraryFolders(folder));
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

function unpack(folder: string): boolean {
  const packages = mkdtempSync(join(tmpdir(), 'pgbouncer-packages-'));
  const run = (command: string, ...args: string[]) =>
    spawnSync(command, args, {cwd: packages, stdio: 'ignore', timeout: PATIENCE_MILLISECONDS})
      .status === 0;
  try {
    // A library that this release calls otherwise is perhaps installed; starting the program will tell.
    for (const name of PACKAGES) run('apt-get', 'download', name);
    mkdirSync(folder, {recursive: true});
    for (const name of readdirSync(packages)) run('dpkg', '-x', name, folder);
    const path = join(folder, 'usr/sbin/pgbouncer');
    if (!existsSync(path)) return false;
    // dpkg -x gives the folder the mode of the package's root, which may be closed to others.
    chmodSync(folder, 0o755);
    return true;
  } finally {
    rmSync(packages, {recursive: true, force: true});
  }
}

function libraryFolders(folder: string): string {
  const library = join(folder, 'usr/lib');
  if (!existsSync(library)) return '';
  return readdirSync(library)
    .map((name) => join(library, name))
    .join(':');
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
