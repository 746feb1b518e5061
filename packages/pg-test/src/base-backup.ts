/**
 * Copies a running server's data folder into a standby's, without pg_basebackup (the npm binaries
 * do not ship it): the low-level backup of the manual, "Making a Base Backup Using the Low Level
 * API". The WAL that the copy needs is streamed from the primary, which therefore must keep it
 * (wal_keep_size).
 */
import {appendFile, chown, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {Account} from './account';
import {copyTree} from './copy-tree';
import {settingLine} from './configuration';
import {AdminSession} from './simple-query';
import type {Address} from './simple-query';

export interface BackupSource {
  address: Address;
  dataDirectory: string;
  /** As the server says it; before 15 the functions had other names. */
  version: string;
}

/** Folders whose content belongs to the running primary only (basebackup.c, excludeDirContents). */
const EMPTIED = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);
const LEFT_OUT = new Set([
  'postmaster.pid',
  'postmaster.opts',
  'postgresql.auto.conf.tmp',
  'current_logfiles.tmp',
  'backup_label',
  'tablespace_map',
]);

export async function copyRunningServer(
  source: BackupSource,
  dataDirectory: string,
  account: Account,
  primaryConninfo: string,
): Promise<void> {
  const before15 = Number.parseInt(source.version, 10) < 15;
  // The backup belongs to the session: it must stay open in between.
  const session = await AdminSession.open(source.address);
  try {
    await session.query(
      before15
        ? "SELECT pg_start_backup('pg-test', true, false)"
        : "SELECT pg_backup_start('pg-test', true)",
    );
    await copyTree(source.dataDirectory, dataDirectory, {account, leaveOut});
    // No waiting for archiving: nothing archives here.
    const rows = await session.query(
      before15
        ? 'SELECT labelfile FROM pg_stop_backup(false, false)'
        : 'SELECT labelfile FROM pg_backup_stop(false)',
    );
    await writeOwned(path.join(dataDirectory, 'backup_label'), rows[0]?.[0] ?? '', account);
  } finally {
    session.close();
  }
  await writeOwned(path.join(dataDirectory, 'standby.signal'), '', account);
  // At the end of the file ALTER SYSTEM writes, so that it wins and a later ALTER SYSTEM replaces it.
  const line = settingLine(['primary_conninfo', primaryConninfo]);
  await appendFile(path.join(dataDirectory, 'postgresql.auto.conf'), line);
}

/** The empty folders inside pg_wal stay: the server expects to find them. */
function leaveOut(relative: string): boolean {
  if (LEFT_OUT.has(relative)) return true;
  const [top = '', ...rest] = relative.split('/');
  const name = rest.at(-1) ?? top;
  if (top === 'pg_wal' && rest.length === 1) return !/^(?:archive_status|summaries)$/.test(name);
  if (EMPTIED.has(top) && rest.length > 0) return true;
  return /^pgsql_tmp|^pg_internal\.init/.test(name);
}

async function writeOwned(file: string, text: string, account: Account): Promise<void> {
  await writeFile(file, text, {mode: 0o600});
  if (account) await chown(file, account.uid, account.gid);
}
