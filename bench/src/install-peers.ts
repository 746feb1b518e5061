/**
 * Installs the peers into bench/node_modules when one is first needed, and again when what is there is not what
 * package-lock.json says; `npm install` of the root stays lean.
 */
import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import {missingPackages} from './missing-packages';
import {packageOf, runtimeOf} from './peers';
import type {PeerName} from './peers';
import {bunExecutable} from './runtime';

export function installPeers(names: readonly PeerName[], benchFolder: string): void {
  const needed = names.filter((name) => packageOf(name) !== undefined);
  if (needed.length === 0 || isInstalled(needed, benchFolder)) return;
  console.error('Installing the peers into bench/node_modules ...');
  // No scripts: none of the peers needs one to run.
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: benchFolder,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    throw new Error('The peers could not be installed; `--peers ours` measures without them.');
  }
}

function isInstalled(names: readonly PeerName[], benchFolder: string): boolean {
  if (missingPackages(benchFolder).length > 0) return false;
  if (names.every((name) => runtimeOf(name) !== 'bun')) return true;
  try {
    bunExecutable(join(benchFolder, 'node_modules'));
    return true;
  } catch {
    // Which of the packages with a Bun is for this machine is for npm to know.
    return false;
  }
}
