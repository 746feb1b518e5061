/**
 * Writes api/<package>.d.ts: what each package's declarations say, all that its entries lead to, without comments. A
 * change of the public API is then a change of a file that is reviewed; `npm run check` fails until it is made.
 *
 *   npm run api                             writes
 *   node tools/generate-api.mjs --check     ends with 1 if the files say something else; `npx tsc -b` has to have run
 */
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join, posix} from 'node:path';
import {root} from './commands.mjs';
import {PUBLISHED, readManifest} from './packages.mjs';

/** The declaration files that package.json names, from its folder. */
function entriesOf(exports) {
  if (typeof exports === 'string') return [];
  return Object.entries(exports).flatMap(([key, value]) =>
    key === 'types' && typeof value === 'string' ? [posix.normalize(value)] : entriesOf(value),
  );
}

function resolveDeclaration(folder, from, specifier) {
  const stem = posix.join(posix.dirname(from), specifier).replace(/\.(m?)js$/, '.d.$1ts');
  const candidates = [stem, `${stem}.d.ts`, `${stem}/index.d.ts`];
  const found = candidates.find((path) => /\.m?ts$/.test(path) && existsSync(join(folder, path)));
  if (found === undefined) throw new Error(`${from} imports ${specifier}, which is not there`);
  return found;
}

const STATEMENT =
  /^(?:import|export)\s+(?:type\s+)?(?:(\w+)\s*,?\s*)?(?:\{([^}]*)\}|\*(?:\s+as\s+\w+)?)?\s*from\s*'(\.[^']*)';?$/gm;

/** What a file imports and hands on: from where, and which names; none for all of them. */
function referencesOf(text) {
  return [...text.matchAll(STATEMENT)].map(([, byDefault, braces, specifier]) => {
    const names = (braces ?? '')
      .split(',')
      .map((part) =>
        part
          .trim()
          .replace(/^type\s+/, '')
          .split(/\s+as\s+/),
      )
      .filter(([name]) => name !== '')
      .map(([name, as = name]) => [name, as]);
    const all = byDefault !== undefined || braces === undefined;
    return {specifier, names: all ? undefined : names};
  });
}

/**
 * All declaration files that the entries lead to. Of a file that only hands on what others declare, just the names
 * that are asked for are followed: what stands beside them there is not public.
 */
function reachable(folder, entries) {
  const texts = new Map();
  const follow = (path, text, wanted) => {
    for (const {specifier, names} of referencesOf(text)) {
      const followed =
        wanted === undefined || names === undefined
          ? names
          : names.filter(([, as]) => wanted.has(as));
      if (followed?.length === 0) continue;
      const next = followed === undefined ? wanted : new Set(followed.map(([name]) => name));
      visit(resolveDeclaration(folder, path, specifier), next);
    }
  };
  const visit = (path, wanted) => {
    if (texts.has(path)) return;
    const text = readFileSync(join(folder, path), 'utf8');
    const handsOn =
      wanted !== undefined && withoutComments(text).replaceAll(STATEMENT, '').trim() === '';
    if (!handsOn) texts.set(path, text);
    follow(path, text, handsOn ? wanted : undefined);
  };
  for (const entry of entries) visit(entry);
  return [...texts].sort(([a], [b]) => (a < b ? -1 : 1));
}

function withoutComments(text) {
  return text
    .replaceAll(/^[ \t]*\/\*[^]*?\*\/[ \t]*\n/gm, '')
    .replaceAll(/^\/\/.*\n?/gm, '')
    .trim();
}

function snapshot(name) {
  const folder = join(root, 'packages', name);
  const {name: packageName, exports} = readManifest(name);
  const files = reachable(folder, new Set(entriesOf(exports)));
  const parts = files.map(([path, text]) => `// ${path}\n${withoutComments(text)}\n`);
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
