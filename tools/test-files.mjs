/**
 * Finds the test files and what they were built to. The sources say what there is: dist may still hold the
 * tests of a file that is gone, and must hold those of every file that is there.
 */
import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';

/**
 * Integration tests of what is decided on this side of the wire, and long: a version of Postgres changes nothing in
 * them, so `npm test` runs them on one. Half of the time of a stage is theirs.
 */
const ON_ONE_VERSION = new Set([
  'test/channel-binding.test.ts',
  'test/client-certificate.test.ts',
  'test/copy-pace.test.ts',
  'test/dates.test.ts',
  'test/distant-server.test.ts',
  'test/doctor.test.ts',
  'test/guide.test.ts',
  'test/guide-reference.test.ts',
  'test/inspector.test.ts',
  'test/links.test.ts',
  'test/listen-pooler.test.ts',
  'test/options-coverage.test.ts',
  'test/options-socket.test.ts',
  'test/process-exit.test.ts',
  'test/provider-guides.test.ts',
  'test/provider-pgbouncer.test.ts',
  'test/quickstart.test.ts',
  'test/recipes.test.ts',
  'test/site.test.ts',
  'test/tls-table.test.ts',
]);

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
 * @returns {{unit: string[], integration: string[], everyVersion: string[], adversity: string[],
 *   packaging: string[]}} sources, by kind: `unit` needs nothing of a Postgres version, `integration` needs one,
 *   of which `everyVersion` should run on each, `adversity` runs on two of them, `packaging` installs what would be
 *   published
 */
export function findTests(root) {
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/src`);
  const folders = [...packages, 'bench/src', 'site', 'tools'].filter((folder) =>
    existsSync(join(root, folder)),
  );
  const integration = walk(root, 'test', ['adversity', 'cluster', 'packaging']);
  return {
    unit: folders.flatMap((folder) => walk(root, folder)),
    integration,
    everyVersion: integration.filter((path) => !ON_ONE_VERSION.has(path)),
    // Clusters of real servers: what they are for is faults, too.
    adversity: [...walkIfThere(root, 'test/adversity'), ...walkIfThere(root, 'test/cluster')],
    packaging: walkIfThere(root, 'test/packaging'),
  };
}
