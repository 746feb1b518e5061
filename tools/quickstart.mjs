/**
 * `npm run quickstart`: from a fresh clone to a program that talks to a real Postgres.
 *
 * Installs what is missing, builds what the example needs, starts a Postgres that came with the
 * packages, runs examples/managing-connections against it, and stops everything, after Ctrl-C too.
 * Needs Node and npm, nothing else; leaves nothing running.
 */
import {spawn} from 'node:child_process';
import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {constants} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const started = performance.now();
const example = 'examples/managing-connections';

/**
 * What runs now, and the signal that asked us to stop.
 * @type {{child?: import('node:child_process').ChildProcess, interruptedBy?: NodeJS.Signals}}
 */
const state = {};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    state.interruptedBy ??= signal;
    state.child?.kill(signal);
  });
}

try {
  checkNode();
  await install();
  await build();
  await runExample();
  step(`Done in ${seconds()} s; the server is stopped and its data gone`);
  console.log(`\nThe program is in ${example}; docs/guide explains it.`);
} catch (error) {
  if (state.interruptedBy === undefined) {
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  } else {
    console.error(`\nStopped by ${state.interruptedBy}; nothing is left running.`);
  }
}
if (state.interruptedBy !== undefined)
  process.exitCode = 128 + constants.signals[state.interruptedBy];

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 16)) return;
  throw new Error(`This needs Node 20.16 or later; this is Node ${process.versions.node}.`);
}

async function install() {
  const reason = whyInstall();
  if (reason === undefined) return;
  step(`Installing (${reason})`);
  // Not `npm ci`: see docs/design/registry-lockfile.md.
  await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** Why `npm install` has something to do; undefined when it has not. */
function whyInstall() {
  const installed = readJson('node_modules/.package-lock.json')?.packages;
  if (installed === undefined) return 'first time';
  const locked = readJson('package-lock.json')?.packages ?? {};
  for (const [place, {version, optional, link}] of Object.entries(locked)) {
    if (optional || link || !place.startsWith('node_modules/')) continue;
    if (installed[place]?.version !== version) return `${place} is not what package-lock.json says`;
  }
  const workspaces = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);
  for (const place of ['', ...workspaces]) {
    const wanted = readJson(join(place, 'package.json'));
    if (wanted === undefined) continue;
    if (place !== '' && !existsSync(join(root, 'node_modules', wanted.name)))
      return `${wanted.name} is new`;
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies']) {
      if (JSON.stringify(wanted[kind]) !== JSON.stringify(locked[place]?.[kind]))
        return `the ${kind} of ${place || 'the root'} have changed`;
    }
  }
  return undefined;
}

async function build() {
  step('Building');
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  try {
    await run(process.execPath, [tsc, '-b', 'packages/pg-test', example]);
  } catch (error) {
    if (state.interruptedBy !== undefined) throw error;
    throw new Error(
      `${error.message}\nIf the messages above are about a missing package, remove node_modules and run this again.`,
      {cause: error},
    );
  }
}

async function runExample() {
  step('Starting a Postgres of its own');
  const {startServer} = await import('../packages/pg-test/index.mjs');
  const server = await startServer();
  try {
    console.log(`Postgres ${server.version} at ${server.connectionString}`);
    step(`Running ${example}`);
    await run(process.execPath, [`${example}/dist/main.js`], {
      DATABASE_URL: server.connectionString,
    });
  } finally {
    await server.stop();
  }
}

/** Runs a command to its end; its output is ours. */
function run(command, args, env = {}) {
  if (state.interruptedBy !== undefined) throw new Error(`stopped by ${state.interruptedBy}`);
  return new Promise((resolve, reject) => {
    // npm is a .cmd file on Windows, which only a shell starts.
    const shell = process.platform === 'win32' && command === 'npm';
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      shell,
      env: {...process.env, ...env},
    });
    state.child = child;
    child.once('error', (error) => {
      reject(new Error(`${command} could not be started: ${error.message}`));
    });
    child.once('exit', (code, signal) => {
      state.child = undefined;
      if (state.interruptedBy !== undefined) reject(new Error(`stopped by ${state.interruptedBy}`));
      else if (code === 0) resolve();
      else reject(new Error(`${command} ${args.join(' ')} ended with ${signal ?? `code ${code}`}`));
    });
  });
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8'));
  } catch {
    return undefined;
  }
}

function step(title) {
  console.log(`\n=== ${title}`);
}

function seconds() {
  return ((performance.now() - started) / 1000).toFixed(1);
}
