/**
 * Removes from dist what `tsc -b` once wrote for a source that is gone. tsc never deletes; what stays behind
 * would be packed, published and imported by mistake.
 */
import {existsSync, readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';

const OUTPUT = /(\.d)?\.(m?)[jt]s(\.map)?$/;

/** The source that a built file is made from, without saying whether it is there. */
export function sourceOf(output) {
  const match = OUTPUT.exec(output);
  return match === null ? undefined : `${output.slice(0, match.index)}.${match[2]}ts`;
}

/**
 * @param {string} sources folder, for example packages/pg/src
 * @param {string} outputs folder, for example packages/pg/dist
 * @returns {string[]} what was removed
 */
export function removeStaleOutput(sources, outputs) {
  if (!existsSync(outputs)) return [];
  const removed = [];
  for (const entry of readdirSync(outputs, {withFileTypes: true})) {
    const path = join(outputs, entry.name);
    if (entry.isDirectory()) {
      removed.push(...removeStaleOutput(join(sources, entry.name), path));
      if (readdirSync(path).length === 0) rmSync(path, {recursive: true});
      continue;
    }
    const source = sourceOf(entry.name);
    if (source === undefined || existsSync(join(sources, source))) continue;
    rmSync(path);
    removed.push(path);
  }
  return removed;
}
