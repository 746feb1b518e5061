/** Installs the peers into bench/node_modules when one is first needed; `npm install` of the root stays lean. */
import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {packageOf} from './peers';
import type {PeerName} from './peers';

export function installPeers(names: readonly PeerName[], benchFolder: string): void {
  const missing = names
    .map(packageOf)
    .filter((name) => name !== undefined)
    .filter((name) => !existsSync(join(benchFolder, 'node_modules', name, 'package.json')));
  if (missing.length === 0) return;
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
