/**
 * Puts what would be published of this repository where the workers find it: they measure the packed and bundled
 * package, not the modules that `tsc -b` wrote.
 *
 * The folder has `node_modules` with the contents of the tarballs, and beside it a copy of the workers: a module is
 * looked for from where it is asked for. The peers stay in bench/node_modules, which is looked in next. Packing
 * takes some ten seconds, so it is done again only when something that goes into the tarballs has changed.
 */
import {spawnSync} from 'node:child_process';
import {cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {fingerprintOf} from './fingerprint';

const PACKAGES = ['sql', 'pg', 'pg-cluster'] as const;

/** @returns The folder of the workers that get the packed package. `tsc -b` has to have run. */
export function packOurs(benchFolder: string): string {
  const root = resolve(benchFolder, '..');
  const folder = join(benchFolder, '.cache', 'packed');
  const stamp = join(folder, 'fingerprint');
  const fingerprint = fingerprintOf([
    ...PACKAGES.flatMap((name) =>
      ['src', 'bin', 'package.json'].map((part) => join(root, 'packages', name, part)),
    ),
    ...['pack.mjs', 'bundle.mjs'].map((name) => join(root, 'tools', name)),
  ]);
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== fingerprint) {
    console.error('Packing @databases/pg as it is published ...');
    rmSync(folder, {recursive: true, force: true});
    for (const name of PACKAGES)
      unpack(pack(root, name, folder), join(folder, 'node_modules/@databases', name));
    writeFileSync(stamp, fingerprint);
  }
  const workers = join(folder, 'dist');
  rmSync(workers, {recursive: true, force: true});
  cpSync(join(benchFolder, 'dist'), workers, {recursive: true});
  return workers;
}

/** @returns The path of the tarball. */
function pack(root: string, name: string, folder: string): string {
  const output = run(process.execPath, [
    join(root, 'tools', 'pack.mjs'),
    name,
    join(folder, 'tarballs'),
  ]);
  const answer: unknown = JSON.parse(output);
  if (typeof answer === 'object' && answer !== null && 'tarball' in answer)
    return String(answer.tarball);
  throw new Error(`tools/pack.mjs ${name} gave ${output}`);
}

function unpack(tarball: string, folder: string): void {
  mkdirSync(folder, {recursive: true});
  run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
}

function run(command: string, line: readonly string[]): string {
  const {status, stdout, stderr} = spawnSync(command, line, {encoding: 'utf8'});
  if (status !== 0) throw new Error(`${command} ${line.join(' ')} failed:\n${stderr}`);
  return stdout;
}
