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

/**
 * What package.json and `bin` start with, and what is loaded later. Entries of one group share chunks; the
 * command runs in a process of its own and would only cut the chunks of the others into smaller ones.
 */
export const ENTRIES = {
  sql: [['index', 'web', 'lexer/index']],
  pg: [['index', 'pool-engine', 'config-api', 'inspector/index'], ['command']],
  'pg-cluster': [['index'], ['command']],
};

/** Loaded by a `require` that stays one, so that it is loaded when it is reached. */
const LOADED_LATER = ['./pool-engine', './inspector'];

/**
 * Writes into `dist` of the package.
 *
 * @param {string} folder of the package, with its `src`
 * @param {string[][]} groups entries without `.ts`, from `src`
 */
export async function bundle(folder, groups) {
  for (const entries of groups) await bundleGroup(folder, entries);
}

async function bundleGroup(folder, entries) {
  const outdir = join(folder, 'dist');
  const common = {
    platform: 'node',
    target: 'node20.16',
    charset: 'utf8',
    // Stack traces, and `constructor.name`, show what the source calls things.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    sourcesContent: false,
    logLevel: 'warning',
  };
  const {outputFiles} = await build({
    ...common,
    absWorkingDir: folder,
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
    sourcemap: 'inline',
    write: false,
  });
  for (const {path, text} of outputFiles) {
    const isEntry = entries.includes(relative(outdir, path).replace(/\.js$/, ''));
    const hasExportAssignment =
      isEntry && /^export = /m.test(readFileSync(sourceOf(folder, outdir, path), 'utf8'));
    // esbuild's own way to say `require` in a module of ECMAScript, which other bundlers cannot follow.
    const followable = text.replaceAll('__require("', 'require("');
    const {code, map} = await transform(followable, {
      ...common,
      format: 'cjs',
      sourcefile: basename(path),
      sourcemap: 'external',
      ...(hasExportAssignment ? {footer: 'module.exports=module.exports.default;'} : {}),
    });
    mkdirSync(dirname(path), {recursive: true});
    writeFileSync(path, `${code}//# sourceMappingURL=${basename(path)}.map\n`);
    writeFileSync(`${path}.map`, map);
  }
}

function sourceOf(folder, outdir, path) {
  return join(folder, 'src', relative(outdir, path).replace(/\.js$/, '.ts'));
}
