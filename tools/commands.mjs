/**
 * Runs the commands of this project: installed tools by their package name, and anything else, each in a
 * process group of its own so that all of it can be ended.
 *
 * Invariant: no command outlives this process, however it is asked to end (SIGKILL excepted).
 */
import {spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {constants} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** How long a command has to clean up after itself before it is killed. */
const GRACE_MILLISECONDS = 10_000;

const running = new Set();
let stopping = false;
const never = new Promise(() => {});

/** The file of an installed tool, to be run by node: npx would cost half a second. */
export function toolFile(packageName, binName = packageName) {
  const folder = join(root, 'node_modules', packageName);
  const {bin} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[binName]);
}

function signalGroup(child, signal) {
  try {
    // A group of one's own is a POSIX thing; on Windows the child itself has to do.
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** From now on SIGINT, SIGTERM and SIGHUP first end what is running, then this process. */
export function endCommandsWithThisProcess() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      const exit = () => process.exit(128 + constants.signals[signal]);
      if (running.size === 0) exit();
      console.error(`\n${signal}: stopping what is running`);
      for (const {child, closed} of running) {
        signalGroup(child, 'SIGTERM');
        void closed.then(() => running.size === 0 && exit());
      }
      setTimeout(() => {
        for (const {child} of running) signalGroup(child, 'SIGKILL');
        exit();
      }, GRACE_MILLISECONDS);
    });
  }
}

/**
 * Runs a command to its end.
 *
 * @param {string} command `node` stands for the Node that runs this
 * @param {{env?: Record<string, string>, quiet?: boolean}} options `quiet` keeps the output instead of showing
 *   it as it comes
 * @returns {Promise<{code: number, output: string}>} `code` is not 0 after a signal, or if it could not start
 */
export function run(command, args, {env = {}, quiet = false} = {}) {
  // Nothing new is started while the rest ends.
  if (stopping) return never;
  const child = spawn(command === 'node' ? process.execPath : command, args, {
    cwd: root,
    env: {...process.env, ...env},
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    detached: process.platform !== 'win32',
    // npm is npm.cmd there.
    shell: process.platform === 'win32' && command !== 'node',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => (output += text));
  }
  const entry = {child, closed: undefined};
  entry.closed = new Promise((resolve) => {
    const end = (code) => {
      running.delete(entry);
      resolve({code, output});
    };
    child.on('error', (error) => {
      output += `${error.message}\n`;
      end(1);
    });
    child.on('close', (code) => end(code ?? 1));
  });
  running.add(entry);
  // What a command said when it was ended from here is nobody's result.
  return entry.closed.then((result) => (stopping ? never : result));
}
