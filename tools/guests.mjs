/**
 * How files of a bundle that are loaded later ("guests") take what the bundle they are loaded by (their "host") has
 * already, as plugins of esbuild.
 *
 * Split into chunks by esbuild, most of the host would go into chunks: every use of a name across chunks is a getter,
 * and to load it took a tenth longer. So the host stays one scope, and lends its modules, one by one and whole.
 * Invariant: no module is in two files, since two copies of a class would not be `instanceof` each other.
 */
import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {basename, dirname, join, relative} from 'node:path';

/** A `require` of these is one of a module here, and of a file there. */
const RELATIVE = /^\.\.?\//;

/**
 * Leaves a `require` alone, so that it loads when it is reached. What it names becomes a file of its own.
 *
 * @param {string} source the folder with `src`
 * @param {readonly string[]} entries that are files anyway
 * @param {Map<string, string>} later gets the names of files by modules
 */
export function loadingLater(source, entries, later) {
  return {
    name: 'loading-later',
    setup({onResolve}) {
      onResolve({filter: RELATIVE}, ({path, kind, importer}) => {
        if (kind !== 'require-call') return undefined;
        const module = relative(join(source, 'src'), join(dirname(importer), path));
        if (entries.includes(module) || entries.includes(`${module}/index`)) {
          return {path: `./${module}`, external: true};
        }
        later.set(module, basename(module));
        return {path: `./${basename(module)}`, external: true};
      });
    },
  };
}

/**
 * Adds a function to the host that gives what guests borrow: to export each name would be a getter for each, made
 * whenever the host is loaded.
 *
 * @param {ReadonlyMap<string, ReadonlySet<string>>} loans names by modules
 */
export function lending(host, loans) {
  return {
    name: 'lending',
    setup({onLoad}) {
      onLoad({filter: new RegExp(`/src/${host}\\.ts$`)}, ({path}) => {
        const lent = Array.from(loans, ([module, names], index) => ({
          from: module.replace(/^src\//, './').replace(/\.ts$/, ''),
          key: nameOf(module),
          names: Array.from(names, (name) => ({name, local: `lent${index}_${name}`})),
        }));
        const imports = lent.map(
          ({from, names}) =>
            `import {${names.map(({name, local}) => `${name} as ${local}`).join()}} from '${from}';`,
        );
        const members = lent.map(
          ({key, names}) =>
            `${key}: {${names.map(({name, local}) => `${name}: ${local}`).join()}},`,
        );
        const functions = [
          'let loans: unknown;',
          `export function lent() { return loans ??= {${members.join('\n')}}; }`,
        ];
        const lines = [...imports, readFileSync(path, 'utf8'), ...functions];
        return {contents: lines.join('\n'), loader: 'ts'};
      });
    },
  };
}

/**
 * Marks what a guest takes of its host; `withLoans` writes it as it is run.
 *
 * @param {ReadonlySet<string>} owned what the host has
 */
export function borrowing(source, host, owned) {
  return {
    name: 'borrowing',
    setup({onResolve, resolve}) {
      onResolve({filter: RELATIVE}, async ({path, kind, importer, resolveDir, pluginData}) => {
        if (kind !== 'import-statement' || pluginData === 'resolving') return undefined;
        const found = await resolve(path, {kind, importer, resolveDir, pluginData: 'resolving'});
        const module = relative(source, found.path);
        if (!owned.has(module)) return undefined;
        // The host has been loaded: what is not used of it need not be asked for.
        return {path: `./${host}?${module}`, external: true, sideEffects: false};
      });
    },
  };
}

/**
 * The names that guests borrow, by modules.
 *
 * @param {readonly {text: string}[]} files as esbuild writes them, without white space
 */
export function loansOf(files, host) {
  const loans = new Map();
  const statement = new RegExp(`(?:import|export)\\{([^}]*)\\}from"\\./${host}\\?([^"]+)"`, 'g');
  for (const {text} of files) {
    const found = Array.from(text.matchAll(statement));
    if (found.length !== text.split(`"./${host}?`).length - 1) {
      throw new Error(`a guest takes a whole module of ${host}: name what is taken`);
    }
    for (const [, names, module] of found) {
      const known = loans.get(module) ?? new Set();
      for (const name of names.split(',')) known.add(name.split(' as ')[0]);
      loans.set(module, known);
    }
  }
  return loans;
}

/** @param {string} code of CommonJS */
export function withLoans(code, host) {
  return code.replaceAll(
    new RegExp(`require\\("\\./${host}\\?([^"]+)"\\)`, 'g'),
    (_, module) => `require("./${host}").lent().${nameOf(module)}`,
  );
}

function nameOf(module) {
  return module
    .replace(/^src\//, '')
    .replace(/\.ts$/, '')
    .replaceAll(/\W/g, '_');
}

/** The modules of which something is in the file of this entry, or in what it imports when it is loaded. */
export function modulesIn({outputs}, entry) {
  const found = new Set();
  const files = Object.keys(outputs).filter((file) => outputs[file].entryPoint === entry);
  // It grows while it is gone through.
  const seen = new Set(files);
  for (const file of seen) {
    const {inputs, imports} = outputs[file];
    for (const [module, {bytesInOutput}] of Object.entries(inputs)) {
      if (bytesInOutput > 0) found.add(module);
    }
    for (const {path, kind} of imports)
      if (kind === 'import-statement' && path in outputs) seen.add(path);
  }
  return found;
}

/** @throws A module is in two files. */
export function assertApart(source, hosting, visiting) {
  const hosted = new Set(Object.values(hosting.outputs).flatMap(({inputs}) => filled(inputs)));
  const both = Object.values(visiting.outputs)
    .flatMap(({inputs}) => filled(inputs))
    .filter(
      (module) =>
        hosted.has(module) && /\bclass\b/.test(readFileSync(join(source, module), 'utf8')),
    );
  if (both.length > 0) throw new Error(`these would be there twice: ${both.join(', ')}`);
}

function filled(inputs) {
  return Object.keys(inputs).filter((module) => inputs[module].bytesInOutput > 0);
}

/**
 * Gives files that are loaded later names with a fingerprint: in a process that goes on while the package is replaced,
 * one that is not there is a better answer than one that does not fit.
 *
 * @param {readonly {path: string, text: string}[]} files
 * @param {readonly string[]} names
 */
export function withFingerprints(files, names) {
  const renamed = names.map((name) => {
    const file = files.find(({path}) => basename(path) === `${name}.js`);
    const hash = createHash('sha256').update(file.text).digest('hex').slice(0, 8);
    return {name, fingerprinted: `${name}-${hash}`};
  });
  return files.map(({path, text}) => {
    for (const {name, fingerprinted} of renamed) {
      text = text
        .replaceAll(`"./${name}"`, `"./${fingerprinted}"`)
        .replaceAll(`"./${name}.js"`, `"./${fingerprinted}.js"`);
      if (basename(path) === `${name}.js`) path = join(dirname(path), `${fingerprinted}.js`);
    }
    return {path, text};
  });
}
