/**
 * Makes the few files of a package that programs load out of the many that it is written in: reading and
 * compiling a hundred small files is most of what an import costs.
 *
 * In the repository programs and tests load what `tsc -b` wrote; what is published is bundled (tools/pack.mjs).
 * Entries keep their names in `dist`, so package.json is the same for both. What several entries need is in
 * chunks that they share: two copies of an error class would not be `instanceof` each other.
 *
 * What the source loads by a `require` inside of a function is loaded when that is reached: in the package it is
 * a file with what nobody else needs, and takes the rest of who loads it (guests.mjs).
 */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {basename, dirname, join, relative} from 'node:path';
import {build, transform} from 'esbuild';
import {
  assertApart,
  borrowing,
  lending,
  loadingLater,
  loansOf,
  modulesIn,
  withFingerprints,
  withLoans,
} from './guests.mjs';

/** What package.json and `bin` start with, and what index.ts loads later: without `.ts`, from `src`. */
export const ENTRIES = {
  sql: ['index', 'web', 'lexer/index'],
  pg: ['index', 'pool-engine', 'config-api', 'inspector/index'],
  'pg-cluster': ['index', 'command'],
  'pg-otel': ['index'],
  'pg-compat': ['index'],
};

/** Modules that only lead to an entry, and so are published as `tsc -b` wrote them. */
export const LEADING_TO_ENTRIES = {
  'pg-compat': 'dist/lib/',
};

/** Entries that take whatever another one has from there, and with it what that one loads later. */
const GUESTS = {
  pg: {host: 'pool-engine', entries: ['command', 'raw-api']},
};

/** To lend a module is to have all of it, which may take others. */
const MOST_ROUNDS = 5;

/** Characters. */
const LONGEST_LINE = 200;

const COMMON = {
  platform: 'node',
  target: 'node20.16',
  charset: 'utf8',
  // Stack traces, and `constructor.name`, show what the source calls things.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
};

/**
 * Writes into `dist` of `folder`.
 *
 * @param {string} name of a package that has ENTRIES
 * @param {string} source its folder, with `src`
 * @param {string} folder
 */
export async function bundle(name, source, folder) {
  const outdir = join(folder, 'dist');
  const entries = ENTRIES[name];
  const files =
    GUESTS[name] === undefined
      ? (await bundleEntries(source, outdir, entries, [])).outputFiles
      : await bundleWithGuests(source, outdir, entries, GUESTS[name]);
  for (const {path, text} of files) {
    const entry = relative(outdir, path).replace(/\.js$/, '');
    const written = entries.includes(entry)
      ? readFileSync(join(source, 'src', `${entry}.ts`), 'utf8')
      : '';
    await write(path, text, written, GUESTS[name]?.host);
  }
}

async function bundleWithGuests(source, outdir, entries, {host, entries: guests}) {
  const later = new Map();
  const hostModule = `src/${host}.ts`;
  const waiting = loadingLater(source, entries, later);
  let hosting = await bundleEntries(source, outdir, entries, [waiting]);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const owned = modulesIn(hosting.metafile, hostModule);
    const visiting = await bundleEntries(
      source,
      outdir,
      [...guests, ...later.keys()],
      [waiting, borrowing(source, host, owned)],
    );
    const loans = loansOf(visiting.outputFiles, host);
    hosting = await bundleEntries(source, outdir, entries, [waiting, lending(host, loans)]);
    if (modulesIn(hosting.metafile, hostModule).size > owned.size) continue;
    assertApart(source, hosting.metafile, visiting.metafile);
    return withFingerprints(
      [...hosting.outputFiles, ...visiting.outputFiles].map(({path, text}) => ({path, text})),
      [...later.values()],
    );
  }
  throw new Error(`what ${host} has grows with each round of lending it`);
}

/** `export =` would make the module, and so all that it imports, wait to be called. The footer puts it back. */
const defaultExport = {
  name: 'default-export',
  setup({onLoad}) {
    onLoad({filter: /\/src\/(index|web)\.ts$/}, ({path}) => ({
      contents: readFileSync(path, 'utf8').replace(/^export = /m, 'export default '),
      loader: 'ts',
    }));
  },
};

function bundleEntries(source, outdir, entries, plugins) {
  return build({
    ...COMMON,
    absWorkingDir: source,
    entryPoints: entries.map((entry) => ({
      in: join('src', `${entry}.ts`),
      // What is loaded later lies beside who loads it.
      out: entry.endsWith('/index') ? entry : basename(entry),
    })),
    outdir,
    chunkNames: 'chunk-[hash]',
    bundle: true,
    // Only modules of ECMAScript can be split, so they are made into CommonJS afterwards.
    format: 'esm',
    splitting: true,
    packages: 'external',
    plugins: [...plugins, defaultExport],
    metafile: true,
    write: false,
  });
}

/** @param {string} written the source of an entry */
async function write(path, text, written, host) {
  // A wrapped module is read twice, and its names are found through one more function.
  if (/=\s*__esm\(/.test(text)) throw new Error(`${path} has modules that wait to be called`);
  // esbuild's own way to say `require` in a module of ECMAScript, which other bundlers cannot follow.
  const followable = text.replaceAll('__require("', 'require("');
  const {code} = await transform(followable, {
    ...COMMON,
    format: 'cjs',
    // Node prints the line of an error that nobody caught.
    lineLimit: LONGEST_LINE,
    ...footerOf(written),
  });
  mkdirSync(dirname(path), {recursive: true});
  writeFileSync(path, host === undefined ? code : withLoans(code, host));
}

function footerOf(written) {
  if (/^export = /m.test(written)) return {footer: 'module.exports=module.exports.default;'};
  // Never run: names the default for those that only read, which esbuild leaves out where it names the others.
  if (/^export default /m.test(written)) {
    return {footer: '0&&(module.exports.default=exports.default);'};
  }
  return {};
}
