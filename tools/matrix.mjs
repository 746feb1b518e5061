/**
 * `npm run matrix`: installs the tarballs that would be published in a new project, and runs the programs of
 * matrix/programs.mjs there with every runtime, compiler, bundler and test runner of matrix/cases.mjs, against a real
 * Postgres with TLS.
 *
 *   npm run matrix                    all
 *   npm run matrix -- bun tsx         cases whose names contain one of these, in any case
 *   npm run matrix -- --list          their names
 *   npm run matrix -- --keep          leaves the project where it is
 *   npm run matrix -- --sizes         instead, what an install brings, beside other clients (--write: into the docs)
 *
 * Ends with 1 if one of them fails. Only on Linux on x64: that is what the runtimes from npm are for.
 */
import {spawn} from 'node:child_process';
import {copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {parseArgs} from 'node:util';
import {CASES} from './matrix/cases.mjs';
import {FILES} from './matrix/programs.mjs';
import {printSizes} from './matrix/sizes.mjs';
import {inTemporaryFolder, packAll} from './packages.mjs';

/** Of one command. What does not end by itself has failed. */
const TIMEOUT_MILLISECONDS = 120_000;
const INSTALL_TIMEOUT_MILLISECONDS = 600_000;

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    list: {type: 'boolean'},
    keep: {type: 'boolean'},
    sizes: {type: 'boolean'},
    write: {type: 'boolean'},
  },
});
const wanted = CASES.filter(
  ({name}) =>
    positionals.length === 0 ||
    positionals.some((part) => name.toLowerCase().includes(part.toLowerCase())),
);

function run(command, args, {cwd, env = {}, timeout = TIMEOUT_MILLISECONDS}) {
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_|PG|DATABASE|NODE_)/.test(name),
  );
  const child = spawn(command, args, {
    cwd,
    env: {...Object.fromEntries(entries), npm_config_loglevel: 'error', NO_COLOR: '1', ...env},
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout,
    killSignal: 'SIGKILL',
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({code: 1, output: error.message}));
    child.once('close', (code, signal) => {
      const ended =
        signal === null ? '' : `\nended with ${signal}: it may not have ended by itself`;
      resolve({code: code ?? 1, output: output + ended});
    });
  });
}

async function install(folder) {
  const project = join(folder, 'project');
  mkdirSync(project);
  const manifest = {name: 'project', private: true, jest: {testEnvironment: 'node'}};
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(project, name), text);
  const packed = await packAll(folder);
  const needed = new Set(wanted.flatMap(({needs}) => needs));
  const ours = packed.filter(({name}) => name !== 'pg-test').map(({tarball}) => tarball);
  const flags = [
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--prefer-offline',
    '--legacy-peer-deps',
  ];
  const {code, output} = await run('npm', ['install', ...flags, ...ours, ...needed], {
    cwd: project,
    timeout: INSTALL_TIMEOUT_MILLISECONDS,
  });
  if (code !== 0) throw new Error(`npm install failed:\n${output}`);
  return project;
}

/** `node`, a path in the project, or one in its node_modules. */
function locate(project, word, at) {
  if (word === 'node' && at === 0) return process.execPath;
  const installed = join(project, 'node_modules', word);
  return !word.startsWith('-') && /^[@\w].*\//.test(word) && existsSync(installed)
    ? installed
    : word;
}

async function runCase({commands, env, alone}, project, url) {
  for (const words of commands) {
    const [command, ...args] = words.map((word, at) => locate(project, word, at));
    const isLast = words === commands.at(-1);
    const options = {cwd: project, env: {DATABASE_URL: url, ...env}};
    if (isLast && alone !== undefined) {
      options.cwd = mkdtempSync(join(tmpdir(), 'databases-alone-'));
      copyFileSync(join(project, alone), join(options.cwd, basename(alone)));
      args[0] = `./${basename(alone)}`;
    }
    const {code, output} = await run(command, args, options);
    if (options.cwd !== project) rmSync(options.cwd, {recursive: true});
    if (code !== 0) return `${words.join(' ')} ended with ${code}:\n${output.slice(-3000)}`;
  }
  return undefined;
}

function npm(words, cwd) {
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'];
  return run('npm', [...words, ...flags], {cwd, timeout: INSTALL_TIMEOUT_MILLISECONDS});
}

async function compareSizes() {
  await inTemporaryFolder(async (folder) => {
    const packed = await packAll(folder);
    const ours = packed.filter(({name}) => name === 'sql' || name === 'pg');
    await printSizes(
      folder,
      npm,
      ours.map(({tarball}) => tarball),
      values.write === true,
    );
  });
}

async function main() {
  if (values.sizes === true) return compareSizes();
  if (values.list === true) {
    console.log(CASES.map(({name}) => name).join('\n'));
    return;
  }
  if (wanted.length === 0)
    throw new Error(`no case has ${positionals.join(' or ')} in its name: see --list`);
  const {startServer} = await import('../packages/pg-test/index.mjs');
  const {makeCertificates} = await import('../test/dist/support/certificates.js');
  const folder = mkdtempSync(join(tmpdir(), 'databases-matrix-'));
  const server = await startServer({tls: makeCertificates().right});
  let failed = 0;
  try {
    const start = performance.now();
    const project = await install(folder);
    console.log(`installed in ${project} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    for (const one of wanted) {
      const begun = performance.now();
      const failure = await runCase(one, project, server.connectionString);
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      console.log(`${failure === undefined ? 'ok    ' : 'FAILED'} ${one.name} (${seconds} s)`);
      if (failure === undefined) continue;
      failed++;
      console.log(failure.replaceAll(/^/gm, '       '));
    }
  } finally {
    await server.stop();
    if (values.keep !== true) rmSync(folder, {recursive: true, force: true});
  }
  console.log(`${wanted.length - failed} of ${wanted.length} fine`);
  process.exitCode = failed === 0 ? 0 : 1;
}

await main();
