/**
 * Runs a small program that uses this package in a process of its own, to see how that ends.
 *
 * The text of the program runs in an async function with `createConnectionPool`, `sql`, `url` and `say`
 * (prints a line at once, also when the process is about to exit).
 */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';

export interface Program {
  readonly processId: number;
  /** Resolves when the program has said this. */
  said(line: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<ProgramEnd>;
}

export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly lines: readonly string[];
  readonly errors: string;
}

const PREAMBLE = `
const createConnectionPool = require('@databases/pg');
const {sql} = createConnectionPool;
const url = process.env.TEST_URL;
const say = (line) => require('node:fs').writeSync(1, line + '\\n');
`;

export function runProgram(url: string, text: string): Program {
  const child = spawn(process.execPath, ['-e', `${PREAMBLE}(async () => {${text}\n})();`], {
    cwd: __dirname,
    env: {...process.env, TEST_URL: url, NODE_OPTIONS: ''},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const waiting = new Map<string, () => void>();
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line);
    waiting.get(line)?.();
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, 'close').then(() => ({
    code: child.exitCode,
    signal: child.signalCode,
    lines,
    errors,
  }));
  return {
    processId: child.pid ?? 0,
    said: (line) =>
      new Promise((resolve, reject) => {
        if (lines.includes(line)) resolve();
        waiting.set(line, resolve);
        void ended.then(() => reject(new Error(`ended without saying "${line}": ${errors}`)));
      }),
    kill: (signal) => void child.kill(signal),
    ended,
  };
}
