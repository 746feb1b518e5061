/**
 * Makes a server's folder: a private temporary folder with the unix socket, the log and `data`,
 * owned by the account the server runs as; and writes the configuration files into `data`.
 */
import {chown, mkdtemp, statfs, writeFile} from 'node:fs/promises';
import {freemem, tmpdir} from 'node:os';
import path from 'node:path';
import type {Account} from './account';
import {readableByOthers} from './cache';
import {pgHbaConf, postgresqlConf} from './configuration';
import {PgTestError} from './error';
import type {ServerOptions} from './options';

/** sun_path holds 108 bytes on Linux and 104 on macOS, and `/.s.PGSQL.65535` takes 15. */
const LONGEST_FOLDER_BYTES = 85;

export type Storage = 'memory' | 'disk';

/** Linux' memory file system. Containers often give it 64 MB, too little for a server. */
const MEMORY_FOLDER = '/dev/shm';
const TMPFS_MAGIC = 0x0102_1994; // linux/magic.h
const LEAST_MEMORY_BYTES = 2 * 1024 ** 3;

/**
 * Where the data of a server goes. Memory by default where there is room: a busy disk makes CREATE
 * DATABASE ten times slower even with fsync off. Throws `PG_TEST_BAD_OPTION` for memory asked for
 * that there is not.
 */
export async function chooseStorage(options: ServerOptions): Promise<Storage> {
  const wanted = options.storage;
  if (wanted === 'disk' || (options.durable && wanted === undefined)) return 'disk';
  if (await memoryHasRoom()) return 'memory';
  if (wanted === undefined) return 'disk';
  throw new PgTestError(
    'PG_TEST_BAD_OPTION',
    `storage "memory" needs ${LEAST_MEMORY_BYTES / 1024 ** 3} GiB of free memory and as much room in ${MEMORY_FOLDER} (a tmpfs, Linux only); use "disk".`,
  );
}

async function memoryHasRoom(): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  try {
    const {type, bavail, bsize} = await statfs(MEMORY_FOLDER);
    const free = Math.min(bavail * bsize, freemem());
    return type === TMPFS_MAGIC && free >= LEAST_MEMORY_BYTES;
  } catch {
    return false;
  }
}

export async function makeServerFolder(account: Account, storage: Storage): Promise<string> {
  const usual = storage === 'memory' ? MEMORY_FOLDER : tmpdir();
  const fits = Buffer.byteLength(usual) + '/pg-test-123456'.length <= LONGEST_FOLDER_BYTES;
  const reachable = account === undefined || readableByOthers(usual);
  const parent = process.platform === 'win32' || (fits && reachable) ? usual : '/tmp';
  const folder = await mkdtemp(path.join(parent, 'pg-test-'));
  if (account) await chown(folder, account.uid, account.gid);
  return folder;
}

/** Certificate files are private, as Postgres demands of the key. */
export async function writeConfiguration(
  folder: string,
  dataDirectory: string,
  account: Account,
  port: number,
  storage: Storage,
  options: ServerOptions,
): Promise<void> {
  const {authentication = 'trust', tls} = options;
  const settings = postgresqlConf({
    port,
    socketDirectories: [
      folder,
      ...(options.unixSocketDirectory ? [options.unixSocketDirectory] : []),
    ],
    authentication,
    durable: options.durable ?? false,
    tls: tls !== undefined,
    logLevel: options.logLevel,
    settings: {
      // WAL in memory is memory.
      ...(storage === 'memory' ? {max_wal_size: '256MB'} : {}),
      ...(tls?.certificateAuthority === undefined ? {} : {ssl_ca_file: 'root.crt'}),
      ...options.settings,
    },
    platform: process.platform,
  });
  const files: [name: string, text: string | undefined][] = [
    ['postgresql.conf', settings],
    ['pg_hba.conf', pgHbaConf(authentication, options.hostBasedAuthentication)],
    ['server.crt', tls?.certificate],
    ['server.key', tls?.key],
    ['root.crt', tls?.certificateAuthority],
  ];
  for (const [name, text] of files) {
    if (text === undefined) continue;
    const file = path.join(dataDirectory, name);
    await writeFile(file, text, {mode: 0o600});
    if (account) await chown(file, account.uid, account.gid);
  }
}
