/**
 * Finds the test files and what they were built to. The sources say what there is: dist may still hold the
 * tests of a file that is gone, and must hold those of every file that is there.
 */
import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';

const TEST = /\.test\.(?:ts|mts|mjs)$/;

/** The test files under `folder`, as paths from `root`; folders in `except` are left out. */
function walk(root, folder, except = []) {
  const found = [];
  for (const entry of readdirSync(join(root, folder), {withFileTypes: true})) {
    const path = `${folder}/${entry.name}`;
    if (['dist', 'node_modules', ...except].includes(entry.name)) continue;
    if (entry.isDirectory()) found.push(...walk(root, path));
    else if (TEST.test(entry.name)) found.push(path);
  }
  // readdir gives the order of the file system; failures should come in the same order everywhere.
  return found.sort((a, b) => (a < b ? -1 : 1));
}

function walkIfThere(root, folder) {
  return existsSync(join(root, folder)) ? walk(root, folder) : [];
}

/** The file that `tsc -b` writes for a test, or the test itself where nothing is compiled. */
export function builtFile(source) {
  const path = source.replace(/\.(m?)ts$/, '.$1js');
  return path === source
    ? path
    : path.replace(/^(packages\/[^/]+|bench)\/src\//, '$1/dist/').replace(/^test\//, 'test/dist/');
}

/**
 * @returns {{unit: string[], integration: string[], adversity: string[], packaging: string[]}} sources, by kind:
 *   `unit` needs nothing of a Postgres version, `integration` runs on each, `adversity` on two of them,
 *   `packaging` installs what would be published
 */
export function findTests(root) {
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/src`);
  const folders = [...packages, 'bench/src', 'tools'].filter((folder) =>
    existsSync(join(root, folder)),
  );
  return {
    unit: folders.flatMap((folder) => walk(root, folder)),
    integration: walk(root, 'test', ['adversity', 'packaging']),
    adversity: walkIfThere(root, 'test/adversity'),
    packaging: walkIfThere(root, 'test/packaging'),
  };
}
