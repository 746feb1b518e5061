/**
 * Checks the shape of the source: arrows point downwards only (tools/layers.mjs), no cycles of files (type-only
 * imports count: a cycle of types is one of understanding), no file over 400 lines that a person wrote.
 *
 *   node tools/check-layers.mjs [directory]
 *
 * Ends with 1 and one line per problem, `path:line: what is wrong`.
 */
import {readFileSync, readdirSync} from 'node:fs';
import {isBuiltin} from 'node:module';
import {join, posix} from 'node:path';
import {fileURLToPath} from 'node:url';
import {checkImport, checkPlace} from './layers.mjs';
import {readImports} from './read-imports.mjs';

const MAXIMUM_LINES = 400;
const ROOTS = ['packages', 'test', 'bench', 'examples', 'tools'];
const IGNORED_FOLDERS = new Set(['dist', 'node_modules']);
const SOURCE = /\.(?:[cm]?ts|[cm]?js)$/;

/** The path a relative specifier leads to; of built files, the source they are built from. */
function targetOf(path, specifier) {
  if (!/^\.\.?(?:\/|$)/.test(specifier)) return undefined;
  const target = posix.join(posix.dirname(path), specifier);
  return target.replace(/^(packages\/[^/]+)\/dist(?=\/|$)/, '$1/src').replace(/\/$/, '');
}

function findFile(target, files) {
  const stem = target.replace(/\.([cm]?)js$/, '.$1ts');
  const candidates = [target, stem, `${target}.ts`, `${target}.mts`, `${target}/index.ts`];
  return candidates.find((candidate) => files.has(candidate));
}

/** Each cycle once, as the files along it; found by walking depth first. */
function findCycles(graph) {
  const cycles = [];
  const done = new Set();
  const trail = [];
  const visit = (path) => {
    const start = trail.indexOf(path);
    if (start !== -1) {
      cycles.push([...trail.slice(start), path]);
      return;
    }
    if (done.has(path)) return;
    trail.push(path);
    for (const next of graph.get(path) ?? []) visit(next);
    trail.pop();
    done.add(path);
  };
  for (const path of graph.keys()) visit(path);
  return cycles;
}

/**
 * @param {Map<string, string>} files texts by path from the root of the project, with `/`
 * @returns {string[]} the problems, ordered by path
 */
export function checkLayers(files) {
  const problems = [];
  const graph = new Map();
  for (const [path, text] of files) {
    const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
    if (lines > MAXIMUM_LINES && !path.includes('.generated.')) {
      problems.push(`${path}:${lines}: ${lines} lines; split what is over ${MAXIMUM_LINES}`);
    }
    const misplaced = checkPlace(path);
    if (misplaced !== undefined) {
      problems.push(`${path}:1: ${misplaced}`);
      continue;
    }
    const targets = [];
    for (const {specifier, line, typeOnly} of readImports(text)) {
      const target = targetOf(path, specifier);
      const file = target && findFile(target, files);
      if (file !== undefined) targets.push(file);
      // 'net' and 'node:net' are one module.
      const name = isBuiltin(specifier) ? `node:${specifier.replace('node:', '')}` : specifier;
      const wrong = checkImport(path, {specifier: name, typeOnly, target: file ?? target});
      if (wrong !== undefined) problems.push(`${path}:${line}: ${wrong}`);
    }
    graph.set(path, targets);
  }
  for (const cycle of findCycles(graph)) {
    problems.push(`${cycle[0]}:1: a cycle: ${cycle.join(' -> ')}`);
  }
  return problems.sort();
}

function readSources(root) {
  const files = new Map();
  const walk = (folder) => {
    for (const entry of readdirSync(join(root, folder), {withFileTypes: true})) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory() && !IGNORED_FOLDERS.has(entry.name)) walk(path);
      if (entry.isFile() && SOURCE.test(path))
        files.set(path, readFileSync(join(root, path), 'utf8'));
    }
  };
  const present = new Set(readdirSync(root));
  for (const folder of ROOTS) if (present.has(folder)) walk(folder);
  return files;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = readSources(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)));
  const problems = checkLayers(files);
  for (const problem of problems) console.error(problem);
  if (files.size === 0) console.error('No source files found: wrong directory?');
  else if (problems.length === 0) console.log(`${files.size} files in their layers, no cycles.`);
  process.exitCode = problems.length > 0 || files.size === 0 ? 1 : 0;
}
