/**
 * A page of the guide as programs in a folder: its files written, its snippets wrapped, all of it
 * compiled as a reader with strict settings would, and run one after the other.
 *
 * `ts` and `js` blocks live in a folder each, because the page says the same thing twice. A snippet (a
 * `ts` block without a file) is the body of an async function with `db` and `sql` at hand; a line
 * `console.log(x); // y` in it promises that `y` is what is printed.
 */
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import type {Block} from './guide-blocks';

const root = resolve(__dirname, '../../..');
const PATIENCE_MILLISECONDS = 30_000;

const COMPILER_OPTIONS = {
  target: 'ES2022',
  lib: ['ES2023', 'ESNext.Disposable'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  types: ['node'],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitReturns: true,
};

/** What a snippet may use without saying where it is from: the guide says it once per page. */
const PREAMBLE = [
  {name: 'sql', code: "import {sql} from '@databases/pg';"},
  {name: 'db', code: "import db from './page-database';"},
];

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class GuideProject implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'guide-'));
  #snippets = 0;

  constructor() {
    this.#link('@databases/pg', 'packages/pg');
    this.#link('@databases/pg-compat', 'packages/pg-compat');
    this.#link('@databases/pg-test', 'packages/pg-test');
    this.#link('@databases/sql', 'packages/sql');
    this.#link('@types/node', 'node_modules/@types/node');
    this.#link('undici-types', 'node_modules/undici-types');
    this.#write(
      'ts/tsconfig.json',
      JSON.stringify({compilerOptions: {...COMPILER_OPTIONS, rootDir: '.', outDir: 'dist'}}),
    );
    this.#write(
      'ts/page-database.ts',
      "import createConnectionPool from '@databases/pg';\nexport default createConnectionPool(process.env['GUIDE_URL']);\n",
    );
  }

  /** Writes a block that names its file. Gives the path to run, once compiled. */
  addFile({language, options, code}: Block): string {
    const file = options.file ?? '';
    if (language === 'json') {
      this.#write(`ts/${file}`, code);
      this.#write(`js/${file}`, code);
      return file;
    }
    this.#write(`${language}/${file}`, `${code}\n`);
    return language === 'ts' ? `ts/dist/${file.replace(/\.ts$/, '.js')}` : `js/${file}`;
  }

  /** Wraps a block that names no file. Gives the path to run, once compiled. */
  addSnippet(block: Block): string {
    const name = `snippet-${++this.#snippets}`;
    this.#write(`ts/${name}.ts`, snippetProgram(block));
    return `ts/dist/${name}.js`;
  }

  /** Puts a package into reach of the page's programs that is not installed here. */
  addPackage(name: string, {code, types}: {readonly code: string; readonly types: string}): void {
    this.#write(`node_modules/${name}/index.js`, code);
    this.#write(`node_modules/${name}/index.d.ts`, types);
  }

  /** Compiles the `ts` folder. Gives the compiler's complaints, empty when there are none. */
  compile(): string {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const run = spawnSync(process.execPath, [tsc, '-p', 'ts'], {
      cwd: this.#folder,
      encoding: 'utf8',
    });
    return run.stdout + run.stderr;
  }

  /** Runs a program in the folder that it was written to. */
  async run(path: string, env: Record<string, string>, signal?: NodeJS.Signals): Promise<Ending> {
    const child = spawn(process.execPath, [join(this.#folder, path)], {
      cwd: join(this.#folder, dirname(path).replace(/^ts\/dist/, 'ts')),
      env: {...withoutPostgresVariables(), ...env},
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: PATIENCE_MILLISECONDS,
      killSignal: 'SIGKILL',
    });
    const output = {stdout: '', stderr: ''};
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    if (signal !== undefined) child.stdout.once('data', () => child.kill(signal));
    await once(child, 'close');
    return {code: child.exitCode, signal: child.signalCode, ...output};
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, {recursive: true, force: true});
  }

  #write(path: string, content: string): void {
    const place = join(this.#folder, path);
    mkdirSync(dirname(place), {recursive: true});
    writeFileSync(place, content);
  }

  #link(name: string, target: string): void {
    const place = join(this.#folder, 'node_modules', name);
    mkdirSync(dirname(place), {recursive: true});
    symlinkSync(join(root, target), place);
  }
}

// `import` stays at the top; the rest goes into a function, since CommonJS has no top-level await.
function snippetProgram({code, place}: Block): string {
  const imports = code.match(/^import [^;]*;$/gm) ?? [];
  const named = imports.join('\n');
  const preamble = PREAMBLE.filter(({name}) => !new RegExp(`\\b${name}\\b`).test(named));
  const body = imports.reduce((rest, line) => rest.replace(line, ''), code);
  let promises = 0;
  const checked = body.replace(
    /^(\s*)console\.log\((.*)\); \/\/ (.*)$/gm,
    (_line, indent: string, printed: string, promised: string) =>
      `${indent}prints(${promises++}, ${JSON.stringify(promised)}, ${printed});`,
  );
  if (checked.includes('console.log('))
    throw new Error(
      `${place}: a snippet says behind each console.log, on its line, what is printed`,
    );
  return `${[...preamble.map((line) => line.code), ...imports].join('\n')}
import {formatWithOptions} from 'node:util';
import pageDatabase from './page-database';

const tight = (text: string) => text.replace(/([[{]) /g, '$1').replace(/ ([\\]}])/g, '$1');
const kept = new Set<number>();
function prints(promise: number, promised: string, ...values: unknown[]): void {
  kept.add(promise);
  const text = formatWithOptions({breakLength: Infinity, compact: 10, depth: null}, ...values);
  if (tight(text) !== tight(promised))
    throw new Error(\`the page says \${promised}, the program says \${text}\`);
}

async function main(): Promise<void> {
${checked}
}
main()
  .then(() => {
    if (kept.size !== ${promises}) throw new Error('not every console.log was reached');
  })
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => pageDatabase.dispose());
`;
}

// What the machine that runs the tests is set up for is none of the guide's business.
function withoutPostgresVariables(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(PG[A-Z]+|DATABASE_URL|NODE_TEST_CONTEXT)$/.test(name),
    ),
  );
}
