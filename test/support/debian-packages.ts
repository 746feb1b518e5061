/**
 * Programs out of Debian's packages, unpacked beside the system without being installed: nothing on the machine changes
 * but a folder among the temporary ones, which the next run finds again.
 *
 * There is nothing where there is no apt, or where it can download nothing: tests skip with a notice then.
 */
import {spawnSync} from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const PATIENCE_MILLISECONDS = 300_000;

/**
 * The folder that the packages are unpacked in, with what they depend on and this machine lacks.
 *
 * @param name of the folder; a change of `packages` needs another one
 * @returns Undefined where they cannot be had.
 */
export function debianFolder(name: string, packages: readonly string[]): string | undefined {
  const folder = join(tmpdir(), `databases-pg-${name}`);
  if (existsSync(folder)) return folder;
  if (process.platform !== 'linux') return undefined;
  const place = mkdtempSync(join(tmpdir(), `${name}-packages-`));
  try {
    if (!download(place, packages) && !(update(place) && download(place, packages))) {
      return undefined;
    }
    const unpacked = join(place, 'unpacked');
    mkdirSync(unpacked);
    for (const file of readdirSync(place).filter((each) => each.endsWith('.deb'))) {
      if (run(place, 'dpkg', '-x', file, unpacked) === undefined) return undefined;
    }
    // dpkg -x gives the folder the mode of the package's root, which may be closed to others.
    chmodSync(unpacked, 0o755);
    // At once: tests of another file may look for it.
    if (!existsSync(folder)) renameSync(unpacked, folder);
    return folder;
  } finally {
    rmSync(place, {recursive: true, force: true});
  }
}

/** The folders that libraries are in, for LD_LIBRARY_PATH. */
export function librariesOf(folder: string): string {
  const library = join(folder, 'usr/lib');
  if (!existsSync(library)) return '';
  const folders = readdirSync(library).map((name) => join(library, name));
  return [...folders, ...folders.map((each) => join(each, 'pulseaudio'))]
    .filter((each) => existsSync(each))
    .join(':');
}

function download(place: string, packages: readonly string[]): boolean {
  const plan = run(place, 'apt-get', 'install', '-s', '--no-install-recommends', ...packages) ?? '';
  const needed = [...plan.matchAll(/^Inst (\S+)/gm)].map(([, name = '']) => name);
  const names = new Set([...packages, ...needed]);
  return run(place, 'apt-get', 'download', ...names) !== undefined;
}

/** A fresh image of Debian has no lists of what there is. */
function update(place: string): boolean {
  return process.getuid?.() === 0 && run(place, 'apt-get', 'update', '-qq') !== undefined;
}

/** What it printed; undefined when it failed. */
function run(place: string, command: string, ...args: string[]): string | undefined {
  const {status, stdout} = spawnSync(command, args, {
    cwd: place,
    encoding: 'utf8',
    timeout: PATIENCE_MILLISECONDS,
  });
  return status === 0 ? stdout : undefined;
}
