/**
 * npm packages cannot hold symlinks, so the server packages list theirs in `pg-symlinks.json` and
 * make them in an install script, which npm may block. This makes them, and again is harmless.
 */
import {readFile, symlink, lstat} from 'node:fs/promises';
import path from 'node:path';
import {hasCode} from './error';

interface Link {
  /** What the link points at, absolute. */
  source: string;
  /** Where the link is, absolute. */
  target: string;
}

/** Rejects with the file system's own error where the folder is read-only. */
export async function makeSymlinks(native: string): Promise<void> {
  for (const {source, target} of await readLinks(native)) {
    try {
      await symlink(path.relative(path.dirname(target), source), target);
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
  }
}

export async function symlinksComplete(native: string): Promise<boolean> {
  for (const {target} of await readLinks(native)) {
    if (!(await lstat(target).catch(() => undefined))) return false;
  }
  return true;
}

async function readLinks(native: string): Promise<Link[]> {
  let text: string;
  try {
    text = await readFile(path.join(native, 'pg-symlinks.json'), 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []; // Windows has none.
    throw error;
  }
  const entries: unknown = JSON.parse(text);
  if (!Array.isArray(entries)) return [];
  const root = path.dirname(native);
  // The list says `native/lib/...`; a copy may have another folder name, so only what follows counts.
  const locate = (name: string) => path.join(native, path.relative('native', name));
  return entries.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return [];
    if (!('source' in entry) || !('target' in entry)) return [];
    const link = {source: locate(String(entry.source)), target: locate(String(entry.target))};
    return link.source.startsWith(root) && link.target.startsWith(root) ? [link] : [];
  });
}
