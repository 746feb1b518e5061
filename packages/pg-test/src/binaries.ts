/**
 * Finds the server programs: a bin folder the caller names, the npm package installed beside this
 * one, or one fetched into the cache. It makes them runnable (symlinks, readable place) but starts
 * no server.
 */
import {cp} from 'node:fs/promises';
import {existsSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import type {Account} from './account';
import {cacheEntry, cacheRoot, readableByOthers} from './cache';
import {runCommand} from './command';
import {PgTestError} from './error';
import {fetchNative} from './fetch-binaries';
import {platformPackage} from './platform';
import {makeSymlinks, symlinksComplete} from './symlinks';
import {DEFAULT_MAJOR, parseRelease, parseServerVersion} from './versions';
import type {Release, ServerVersion} from './versions';

export interface Binaries {
  postgres: string;
  initdb: string;
  version: ServerVersion;
}

export interface BinariesOptions {
  version?: number | string | undefined;
  /** A bin folder holding `postgres` and `initdb`. Default: the environment's PG_TEST_BINARIES. */
  binaries?: string | undefined;
}

/** Throws `PG_TEST_UNKNOWN_VERSION` and `PG_TEST_NO_BINARIES`. */
export async function findBinaries(options: BinariesOptions, account: Account): Promise<Binaries> {
  const named = options.binaries ?? process.env['PG_TEST_BINARIES'];
  if (named) {
    const found = await inspect(path.resolve(named), account);
    if (options.version === undefined || Number(options.version) === found.version.major) {
      return found;
    }
    // An explicit folder of another version is a mistake; a machine-wide one only does not apply.
    if (options.binaries !== undefined) {
      throw new PgTestError(
        'PG_TEST_UNKNOWN_VERSION',
        `Postgres ${options.version} was asked for, but ${named} holds ${found.version.full}. Leave one of the two out.`,
      );
    }
  }
  const release = parseRelease(options.version ?? DEFAULT_MAJOR);
  const native = installedNative(release) ?? (await fetchNative(release));
  return inspect(path.join(await runnable(native, release, account), 'bin'), account);
}

/** The `native` folder of the npm package, when it is installed in the right major version. */
function installedNative(release: Release): string | undefined {
  try {
    // The package's `exports` hides its package.json, so go by the entry file.
    const entry = createRequire(__filename).resolve(platformPackage());
    const root = path.dirname(path.dirname(entry));
    const manifest: unknown = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    const version =
      typeof manifest === 'object' && manifest !== null && 'version' in manifest
        ? String(manifest.version)
        : '';
    return Number.parseInt(version, 10) === release.major ? path.join(root, 'native') : undefined;
  } catch {
    return undefined;
  }
}

/**
 * npm may block the install script that makes the libraries' symlinks, and root's own folders are
 * closed to the server's account. Where either cannot be mended in place, a copy in the cache is.
 */
async function runnable(native: string, release: Release, account: Account): Promise<string> {
  const readable = account === undefined || readableByOthers(native);
  if (readable) {
    if (await symlinksComplete(native)) return native;
    try {
      await makeSymlinks(native);
      return native;
    } catch {
      // A read-only node_modules: fall through to the copy.
    }
  }
  const entry = path.join(
    'binaries',
    `${platformPackage().split('/')[1]}-${release.packageVersion}-copy`,
  );
  return cacheEntry(cacheRoot(), entry, async (folder) => {
    await cp(native, folder, {recursive: true, verbatimSymlinks: true});
    await makeSymlinks(folder);
  });
}

async function inspect(directory: string, account: Account): Promise<Binaries> {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const postgres = path.join(directory, `postgres${suffix}`);
  const initdb = path.join(directory, `initdb${suffix}`);
  for (const program of [postgres, initdb]) {
    if (existsSync(program)) continue;
    throw new PgTestError(
      'PG_TEST_NO_BINARIES',
      `${program} does not exist; "binaries" must be a bin folder with postgres and initdb.`,
    );
  }
  const {exitCode, output} = await runCommand(postgres, ['--version'], {
    account,
    workingDirectory: '/',
  });
  if (exitCode !== 0) {
    throw new PgTestError(
      'PG_TEST_NO_BINARIES',
      `${postgres} does not run here (exit code ${exitCode}): ${output.trim()}`,
    );
  }
  return {postgres, initdb, version: parseServerVersion(output)};
}
