/**
 * The folder that keeps what is worth keeping between runs: fetched binaries and freshly
 * initialised data folders. Everything enters it by one rename, so a reader sees a whole entry or
 * none, and callers that race end up with the same entry.
 */
import {existsSync, mkdirSync, statSync} from 'node:fs';
import {chmod, mkdtemp, rename, rm} from 'node:fs/promises';
import {homedir} from 'node:os';
import path from 'node:path';
import {hasCode} from './error';

const NAME = 'databases-pg-test';

/** `PG_TEST_CACHE`, else the user's cache folder; for root one that the server's account can read. */
export function cacheRoot(environment: NodeJS.ProcessEnv = process.env): string {
  const chosen = environment['PG_TEST_CACHE'];
  if (chosen) return path.resolve(chosen);
  const xdg = environment['XDG_CACHE_HOME'];
  const own = path.join(xdg ? xdg : path.join(homedir(), '.cache'), NAME);
  if (process.getuid?.() !== 0 || readableByOthers(own)) return own;
  return path.join('/var/cache', NAME);
}

/** Whether another account can reach this path: every existing folder on the way lets it through. */
export function readableByOthers(target: string): boolean {
  for (let folder = path.resolve(target); ; folder = path.dirname(folder)) {
    const stat = statSync(folder, {throwIfNoEntry: false});
    if (stat && (stat.mode & 0o001) === 0 && stat.isDirectory()) return false;
    if (folder === path.dirname(folder)) return true;
  }
}

/**
 * Gives the entry's folder, first filling it with `fill(temporaryFolder)` when it is missing. When
 * two callers fill it at once the first rename wins and the other's work is thrown away.
 */
export async function cacheEntry(
  root: string,
  entry: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const target = path.join(root, entry);
  if (existsSync(target)) return target;
  const parent = path.dirname(target);
  mkdirSync(parent, {recursive: true});
  const temporary = await mkdtemp(path.join(parent, '.new-'));
  if (process.getuid?.() === 0) {
    // The server's account must get in, whatever the umask; what is private in here says so itself.
    for (const folder of [root, parent, temporary]) await chmod(folder, 0o755);
  }
  try {
    const content = path.join(temporary, 'content');
    mkdirSync(content, {mode: 0o755});
    await fill(content);
    await rename(content, target);
  } catch (error) {
    // Renaming onto a filled folder: another caller was first.
    if (!(hasCode(error, 'ENOTEMPTY', 'EEXIST', 'EPERM') && existsSync(target))) throw error;
  } finally {
    await rm(temporary, {recursive: true, force: true});
  }
  return target;
}
