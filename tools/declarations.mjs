/**
 * The declarations of a package that programs can come to see: all that the entries in package.json lead to, with what
 * merely hands on the declarations of others reduced to the names that are asked for.
 *
 * Of some three hundred declaration files of `pg` a quarter is public; the others would be shipped for nobody.
 */
import {existsSync, readFileSync} from 'node:fs';
import {join, posix} from 'node:path';

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
/** Any way to name another file, also those that STATEMENT does not know. */
const SPECIFIER = /\b(?:from|import|require)\s*\(?\s*['"](\.[^'"]*)['"]/g;

/** `a, type B as C`: each name as it is there and as it is here. */
function namesIn(braces) {
  return braces
    .split(',')
    .map((part) =>
      part
        .trim()
        .replace(/^type\s+/, '')
        .split(/\s+as\s+/),
    )
    .filter(([name]) => name !== '')
    .map(([name, as = name]) => [name, as]);
}

/** What a file imports and hands on: from where, and which names; none for all of them. */
function referencesOf(text) {
  return [...text.matchAll(STATEMENT)].map(([, byDefault, braces, specifier]) => ({
    specifier,
    names: byDefault !== undefined || braces === undefined ? undefined : namesIn(braces),
  }));
}

function reduce(text, wanted) {
  const reduced = text.replaceAll(STATEMENT, (statement, byDefault, braces) => {
    if (byDefault !== undefined || braces === undefined) return statement;
    const parts = braces
      .split(',')
      .filter((part) => namesIn(part).some(([, as]) => wanted.has(as)));
    return parts.length === 0 ? '' : statement.replace(/\{[^}]*\}/, () => `{${parts.join(',')}}`);
  });
  return reduced.replaceAll(/\n{2,}/g, '\n');
}

export function withoutComments(text) {
  return text
    .replaceAll(/^[ \t]*\/\*[^]*?\*\/[ \t]*\n/gm, '')
    .replaceAll(/^\/\/.*\n?/gm, '')
    .trim();
}

/**
 * @param {string} folder of the package; `npx tsc -b` has to have run
 * @param {object} exports of its package.json
 * @returns {{path: string, text: string, handsOn: boolean}[]} by path. `handsOn`: declares nothing itself.
 */
export function publicDeclarations(folder, exports) {
  const texts = new Map();
  /** Of files that only hand on. */
  const wantedOf = new Map();
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
    if (handsOn) {
      const already = wantedOf.get(path) ?? new Set();
      wantedOf.set(path, new Set([...already, ...wanted]));
    } else {
      texts.set(path, text);
    }
    follow(path, text, handsOn ? wanted : undefined);
  };
  for (const entry of entriesOf(exports)) visit(entry);
  for (const path of texts.keys()) wantedOf.delete(path);
  for (const [path, wanted] of wantedOf) {
    texts.set(path, reduce(readFileSync(join(folder, path), 'utf8'), wanted));
  }
  for (const [path, text] of texts) {
    for (const [, specifier] of text.matchAll(SPECIFIER)) {
      const target = resolveDeclaration(folder, path, specifier);
      if (!texts.has(target)) throw new Error(`${path} needs ${target}, which was not followed`);
    }
  }
  return [...texts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => ({path, text, handsOn: wantedOf.has(path)}));
}
