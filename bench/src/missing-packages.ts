/** Which packages of bench/package-lock.json are not in bench/node_modules, or are there in another version. */
import {readFileSync} from 'node:fs';
import {join} from 'node:path';

/**
 * @returns Paths like `node_modules/pg`. Not those that are for some machines only: whether one of them is for
 * this machine is not said here.
 */
export function missingPackages(benchFolder: string): string[] {
  const locked = field(readJson(join(benchFolder, 'package-lock.json')), 'packages');
  if (typeof locked !== 'object' || locked === null) {
    throw new Error(`${benchFolder} has no lock file that names packages`);
  }
  return Object.entries(locked)
    .filter(([path, entry]) => path !== '' && field(entry, 'optional') !== true)
    .filter(([path, entry]) => versionIn(join(benchFolder, path)) !== field(entry, 'version'))
    .map(([path]) => path);
}

/** Undefined where there is no such package, or only half of one. */
function versionIn(folder: string): unknown {
  try {
    return field(readJson(join(folder, 'package.json')), 'version');
  } catch {
    return undefined;
  }
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
