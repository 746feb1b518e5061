/**
 * The packages that are published, in the order in which they are: what one needs is there before it. The list is in
 * packages.json, which the tests read, too.
 */
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {root, run} from './commands.mjs';

/** Names of folders in `packages`. */
export const PUBLISHED = JSON.parse(readFileSync(join(root, 'tools/packages.json'), 'utf8'));

export function readManifest(name) {
  return JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
}

/** Calls `use` with a folder that is removed afterwards. */
export async function inTemporaryFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'databases-tarballs-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

/**
 * Packs all of them. `npx tsc -b` has to have run.
 *
 * @returns {Promise<{name: string, tarball: string, files: string[]}[]>} in the order of publishing
 */
export async function packAll(folder) {
  const packed = [];
  for (const name of PUBLISHED) {
    const {code, output} = await run('node', ['tools/pack.mjs', name, folder], {quiet: true});
    if (code !== 0) throw new Error(`${name} could not be packed:\n${output}`);
    packed.push({name, ...JSON.parse(output.slice(output.indexOf('{"tarball"')))});
  }
  return packed;
}
