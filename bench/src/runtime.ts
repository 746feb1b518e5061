/** The program that runs a worker: the Node that runs the bench, or the Bun that npm installed for it. */
import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import type {Runtime} from './peers';

/** @throws Error where npm has no Bun for this machine. */
export function executableOf(runtime: Runtime, benchFolder: string): string {
  return runtime === 'node' ? process.execPath : bunExecutable(join(benchFolder, 'node_modules'));
}

/**
 * The package `bun` links its executable in a script of its installation; the peers are installed without
 * scripts, so it is taken from where npm has put the package for this machine.
 */
export function bunExecutable(modulesFolder: string): string {
  const scope = join(modulesFolder, '@oven');
  const packages = existsSync(scope) ? readdirSync(scope) : [];
  const found = packages
    .flatMap((name) => ['bun', 'bun.exe'].map((file) => join(scope, name, 'bin', file)))
    .find((file) => existsSync(file));
  if (found === undefined) {
    throw new Error(
      `There is no Bun for ${process.platform} ${process.arch} in ${scope}; leave out the peer bun with --peers.`,
    );
  }
  return found;
}
