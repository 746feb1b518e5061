/** Says whether files have changed, without reading them: by their names, sizes and times. */
import {createHash} from 'node:crypto';
import {readdirSync, statSync} from 'node:fs';
import {join} from 'node:path';

/** Of files and of all that is in folders. Another one when a file is added, written, renamed or removed. */
export function fingerprintOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) for (const line of linesOf(path)) hash.update(line);
  return hash.digest('hex');
}

function linesOf(path: string): string[] {
  const found = statSync(path, {throwIfNoEntry: false});
  if (found === undefined) return [`${path} is not there\n`];
  if (!found.isDirectory()) return [`${path} ${found.size} ${found.mtimeMs}\n`];
  return readdirSync(path)
    .toSorted()
    .flatMap((name) => linesOf(join(path, name)));
}
