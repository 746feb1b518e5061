/**
 * Makes a server's folder: a private temporary folder with the unix socket, the log and `data`,
 * owned by the account the server runs as; and writes the configuration files into `data`.
 */
import {chown, mkdtemp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {Account} from './account';
import {readableByOthers} from './cache';
import {pgHbaConf, postgresqlConf} from './configuration';
import type {ServerOptions} from './options';

/** sun_path holds 108 bytes on Linux and 104 on macOS, and `/.s.PGSQL.65535` takes 15. */
const LONGEST_FOLDER_BYTES = 85;

export async function makeServerFolder(account: Account): Promise<string> {
  const usual = tmpdir();
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
