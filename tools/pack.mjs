/**
 * Packs a package into the tarball that is published: what `npm pack` would take, with the modules bundled.
 *
 *     node tools/pack.mjs <package> <folder for the tarball>
 *
 * Prints JSON: `tarball`; `folder`, which holds what is in it; `files` in there; `packedBytes` and `unpackedBytes`.
 * `npx tsc -b` has to have run.
 * What is built for the tarball is built beside it: `dist` of the repository stays what tests run on.
 */
import {cpSync, mkdirSync, rmSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {ENTRIES, bundle} from './bundle.mjs';
import {root, run} from './commands.mjs';

async function npmPack(folder, ...flags) {
  const args = ['pack', folder, '--json', '--ignore-scripts', '--loglevel=error', ...flags];
  const {code, output} = await run('npm', args, {quiet: true});
  const start = output.indexOf('[\n');
  if (code !== 0 || start < 0) throw new Error(`npm pack failed in ${folder}:\n${output}`);
  const [{filename, files, size, unpackedSize}] = JSON.parse(output.slice(start));
  return {
    filename,
    files: files.map(({path}) => path),
    packedBytes: size,
    unpackedBytes: unpackedSize,
  };
}

/** Modules that the bundle takes the place of. */
function isBundled(name, path) {
  return ENTRIES[name] !== undefined && /^dist\/.*\.js(\.map)?$/.test(path);
}

async function pack(name, destination) {
  const source = join(root, 'packages', name);
  const folder = join(destination, `${name}-contents`);
  rmSync(folder, {recursive: true, force: true});
  const {files} = await npmPack(source, '--dry-run');
  for (const path of files) {
    if (isBundled(name, path)) continue;
    mkdirSync(dirname(join(folder, path)), {recursive: true});
    cpSync(join(source, path), join(folder, path));
  }
  if (ENTRIES[name] !== undefined) await bundle(folder, ENTRIES[name]);
  const packed = await npmPack(folder, '--pack-destination', destination);
  const {filename, ...rest} = packed;
  return {tarball: join(destination, filename), folder, ...rest};
}

const [name, destination] = process.argv.slice(2);
if (name === undefined || destination === undefined) {
  throw new Error('say which package and where to: node tools/pack.mjs pg /tmp');
}
mkdirSync(destination, {recursive: true});
console.log(JSON.stringify(await pack(name, resolve(destination))));
