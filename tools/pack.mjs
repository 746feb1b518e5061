/**
 * Packs a package into the tarball that is published: what `npm pack` would take, with the modules bundled, and of the
 * declarations only those that programs can come to see. There are no source maps: what they lead to is not there.
 *
 *     node tools/pack.mjs <package> <folder for the tarball>
 *
 * Prints JSON: `tarball`; `folder`, which holds what is in it; `files` in there; `packedBytes` and `unpackedBytes`.
 * `npx tsc -b` has to have run.
 * What is built for the tarball is built beside it: `dist` of the repository stays what tests run on.
 */
import {chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {ENTRIES, LEADING_TO_ENTRIES, bundle} from './bundle.mjs';
import {root, run} from './commands.mjs';
import {publicDeclarations} from './declarations.mjs';
import {readManifest} from './packages.mjs';

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

/** Modules that the bundle takes the place of, and declarations, of which the public ones are written apart. */
function isReplaced(name, path) {
  if (/\.d\.m?ts$/.test(path)) return path.startsWith('dist/');
  if (path.startsWith(LEADING_TO_ENTRIES[name] ?? '/')) return false;
  return ENTRIES[name] !== undefined && /^dist\/.*\.js$/.test(path);
}

function write(folder, path, text) {
  mkdirSync(dirname(join(folder, path)), {recursive: true});
  writeFileSync(join(folder, path), text.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '\n'));
}

async function pack(name, destination) {
  const source = join(root, 'packages', name);
  const folder = join(destination, `${name}-contents`);
  rmSync(folder, {recursive: true, force: true});
  const {files} = await npmPack(source, '--dry-run');
  for (const path of files) {
    if (isReplaced(name, path)) continue;
    write(folder, path, readFileSync(join(source, path), 'utf8'));
    chmodSync(join(folder, path), statSync(join(source, path)).mode);
  }
  for (const {path, text} of publicDeclarations(source, readManifest(name).exports)) {
    write(folder, path, text);
  }
  if (ENTRIES[name] !== undefined) await bundle(name, source, folder);
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
