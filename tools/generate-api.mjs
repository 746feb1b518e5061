/**
 * Writes api/<package>.d.ts: what each package's declarations say, all that its entries lead to, without comments. A
 * change of the public API is then a change of a file that is reviewed; `npm run check` fails until it is made.
 *
 *   npm run api                             writes
 *   node tools/generate-api.mjs --check     ends with 1 if the files say something else; `npx tsc -b` has to have run
 */
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {root} from './commands.mjs';
import {publicDeclarations, withoutComments} from './declarations.mjs';
import {PUBLISHED, readManifest} from './packages.mjs';

function snapshot(name) {
  const folder = join(root, 'packages', name);
  const {name: packageName, exports} = readManifest(name);
  const files = publicDeclarations(folder, exports).filter(({handsOn}) => !handsOn);
  const parts = files.map(({path, text}) => `// ${path}\n${withoutComments(text)}\n`);
  return `// The public API of ${packageName}. Written by tools/generate-api.mjs (npm run api).\n\n${parts.join('\n')}`;
}

/** Prints the first line that differs, which says more than that something does. */
function describeDifference(before, after) {
  const old = before.split('\n');
  const lines = after.split('\n');
  const index = lines.findIndex((line, at) => line !== old[at]);
  return `line ${index + 1}\n- ${old[index] ?? ''}\n+ ${lines[index] ?? ''}`;
}

for (const name of PUBLISHED) {
  const path = `api/${name}.d.ts`;
  const file = join(root, path);
  const text = snapshot(name);
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (before === text) continue;
  if (process.argv.includes('--check')) {
    console.log(`${path} is not what the package exports: ${describeDifference(before, text)}`);
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(file), {recursive: true});
    writeFileSync(file, text);
    console.log(`wrote ${path}`);
  }
}
