/**
 * Whether node_modules holds what package-lock.json says. npm keeps a copy of the lock file of what it
 * installed (node_modules/.package-lock.json); comparing the two takes no npm and no network.
 */
import {readFileSync} from 'node:fs';
import {join} from 'node:path';

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * @param {Record<string, {version?: string, optional?: boolean, devOptional?: boolean}>} wanted
 * @param {Record<string, {version?: string}>} installed
 */
export function isInstalled(wanted, installed) {
  return Object.entries(wanted).every(([path, {version, optional, devOptional}]) => {
    if (!path.startsWith('node_modules/')) return true;
    const present = installed[path];
    // What is optional may be for another platform.
    if (present === undefined) return optional === true || devOptional === true;
    return present.version === version;
  });
}

/** Whether `npm install` has anything to do. */
export function needsInstall(root) {
  const wanted = readPackages(join(root, 'package-lock.json'));
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  return wanted === undefined || installed === undefined || !isInstalled(wanted, installed);
}
