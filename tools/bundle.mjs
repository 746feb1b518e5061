/**
 * Makes the few files of a package that programs load out of the many that it is written in: reading and
 * compiling a hundred small files is most of what an import costs.
 *
 * In the repository programs and tests load what `tsc -b` wrote; what is published is bundled (tools/pack.mjs).
 * Entries keep their names in `dist`, so package.json is the same for both. What several entries need is in
 * chunks that they share: two copies of an error class would not be `instanceof` each other.
 */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {basename, dirname, join, relative} from 'node:path';
import {build, transform} from 'esbuild';

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

/**
 * Entries that take whole folders from another one. As entries beside it, they would share chunks with it, and have
 * most of it cut into one: every use of a name across chunks is a getter, and to load it took a tenth longer. With
 * copies of their own they would be most of the package.
 */
const BORROWERS = {
  pg: {
    lender: 'pool-engine',
    lent: ['client', 'config', 'connection', 'errors', 'types'],
    /** Entries with the folders that are their own. */
    entries: {command: ['doctor', 'watch'], 'raw-api': ['raw']},
  },
};

/** Loaded by a `require` that stays one, so that it is loaded when it is reached. */
const LOADED_LATER = ['./pool-engine', './inspector'];

/** Characters. */
const LONGEST_LINE = 200;

/**
 * Writes into `dist` of `folder`.
 *
 * @param {string} name of a package that has ENTRIES
 * @param {string} source its folder, with `src`
 * @param {string} folder
 */
export async function bundle(name, source, folder) {
  const borrowers = BORROWERS[name];
  const lends = borrowers === undefined ? [] : [lending(borrowers)];
  await bundleGroup(source, folder, ENTRIES[name], lends);
  for (const [entry, own] of Object.entries(borrowers?.entries ?? {})) {
    const inputs = await bundleGroup(source, folder, [entry], [borrowing(borrowers)]);
    const copied = inputs.filter(
      (path) => path.split('/').length > 2 && !own.some((each) => path.startsWith(`src/${each}/`)),
    );
    if (copied.length > 0) throw new Error(`${entry} has copies of ${copied.join(', ')}`);
  }
}

/** The lender exports all that the folders it lends do. */
function lending({lender, lent}) {
  return {
    name: 'lending',
    setup({onLoad}) {
      onLoad({filter: new RegExp(`/src/${lender}\\.ts$`)}, ({path}) => {
        const lines = lent.map((folder) => `export * as ${folder} from './${folder}';`);
        return {contents: [readFileSync(path, 'utf8'), ...lines].join('\n'), loader: 'ts'};
      });
    },
  };
}

function borrowing({lender, lent}) {
  return {
    name: 'borrowing',
    setup({onResolve, onLoad}) {
      // From the entry itself, or from a folder beside the lent ones.
      onResolve({filter: new RegExp(`^\\.\\.?/(${lent.join('|')})$`)}, ({path, importer}) =>
        path.startsWith('../') || basename(dirname(importer)) === 'src'
          ? {path: basename(path), namespace: 'borrowed'}
          : undefined,
      );
      onLoad({filter: /./, namespace: 'borrowed'}, ({path}) => ({
        contents: `module.exports = require('./${lender}').${path};`,
      }));
    },
  };
}

/** `export =` would make the module, and so all that it imports, wait to be called. The footer puts it back. */
const defaultExport = {
  name: 'default-export',
  setup({onLoad}) {
    onLoad({filter: /\/src\/index\.ts$/}, ({path}) => ({
      contents: readFileSync(path, 'utf8').replace(/^export = /m, 'export default '),
      loader: 'ts',
    }));
  },
};

/** Gives the paths of what went in. */
async function bundleGroup(source, folder, entries, plugins) {
  const outdir = join(folder, 'dist');
  const common = {
    platform: 'node',
    target: 'node20.16',
    charset: 'utf8',
    // Stack traces, and `constructor.name`, show what the source calls things.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
  };
  const {outputFiles, metafile} = await build({
    ...common,
    absWorkingDir: source,
    entryPoints: entries.map((entry) => join('src', `${entry}.ts`)),
    outbase: 'src',
    outdir,
    chunkNames: 'chunk-[hash]',
    bundle: true,
    // Only modules of ECMAScript can be split, so they are made into CommonJS afterwards.
    format: 'esm',
    splitting: true,
    packages: 'external',
    external: LOADED_LATER,
    plugins: [...plugins, defaultExport],
    metafile: true,
    write: false,
  });
  for (const {path, text} of outputFiles) {
    // A wrapped module is read twice, and its names are found through one more function.
    if (/=\s*__esm\(/.test(text)) throw new Error(`${path} has modules that wait to be called`);
    const isEntry = entries.includes(relative(outdir, path).replace(/\.js$/, ''));
    const written = isEntry ? readFileSync(sourceOf(source, outdir, path), 'utf8') : '';
    // esbuild's own way to say `require` in a module of ECMAScript, which other bundlers cannot follow.
    const followable = text.replaceAll('__require("', 'require("');
    const {code} = await transform(followable, {
      ...common,
      format: 'cjs',
      // Node prints the line of an error that nobody caught.
      lineLimit: LONGEST_LINE,
      ...footerOf(written),
    });
    mkdirSync(dirname(path), {recursive: true});
    writeFileSync(path, code);
  }
  return Object.keys(metafile.inputs);
}

/** @param {string} written the source of an entry */
function footerOf(written) {
  if (/^export = /m.test(written)) return {footer: 'module.exports=module.exports.default;'};
  // Never run: names the default for those that only read, which esbuild leaves out where it names the others.
  if (/^export default /m.test(written)) {
    return {footer: '0&&(module.exports.default=exports.default);'};
  }
  return {};
}

function sourceOf(source, outdir, path) {
  return join(source, 'src', relative(outdir, path).replace(/\.js$/, '.ts'));
}
