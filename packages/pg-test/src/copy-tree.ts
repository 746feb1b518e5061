/**
 * Copies a data folder, for another account where one is given. Works on a live server's folder
 * too: files that vanish under way (they do, during a base backup) are skipped.
 */
import {constants} from 'node:fs';
import {chown, copyFile, mkdir, readdir, readlink, symlink} from 'node:fs/promises';
import path from 'node:path';
import type {Account} from './account';
import {hasCode} from './error';

export interface CopyOptions {
  account: Account;
  /** Gets a path relative to the source, with `/` between its parts. Default: nothing is left out. */
  leaveOut?: (relative: string) => boolean;
}

/** `to` is created with mode 0700, as Postgres demands of a data folder. */
export async function copyTree(
  from: string,
  to: string,
  options: CopyOptions,
  relative = '',
): Promise<void> {
  await mkdir(to, {mode: 0o700});
  if (options.account) await chown(to, options.account.uid, options.account.gid);
  const entries = await readdir(from, {withFileTypes: true});
  await Promise.all(
    entries.map(async (entry) => {
      const name = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (options.leaveOut?.(name)) return;
      const source = path.join(from, entry.name);
      const target = path.join(to, entry.name);
      try {
        if (entry.isDirectory()) await copyTree(source, target, options, name);
        else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
        else if (entry.isFile()) {
          await copyFile(source, target, constants.COPYFILE_FICLONE);
          if (options.account) await chown(target, options.account.uid, options.account.gid);
        }
      } catch (error) {
        if (!hasCode(error, 'ENOENT')) throw error;
      }
    }),
  );
}
