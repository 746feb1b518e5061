/**
 * Runs one program to its end and gives back what it printed. For short helpers (initdb, cp, npm);
 * the server itself is started in postmaster.ts.
 */
import {spawn} from 'node:child_process';
import type {Account} from './account';

export interface CommandResult {
  /** Exit code; -1 when a signal ended it or it could not be started. */
  exitCode: number;
  output: string;
}

export interface CommandOptions {
  account?: Account;
  environment?: NodeJS.ProcessEnv;
  workingDirectory?: string;
  /** Needed for npm.cmd on Windows; arguments must then hold no spaces. */
  shell?: boolean;
}

/** Never rejects: a program that cannot be started is a result with exit code -1. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      ...options.account,
      env: options.environment ?? process.env,
      cwd: options.workingDirectory,
      shell: options.shell ?? false,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => resolve({exitCode: -1, output: error.message}));
    child.once('close', (code, signal) =>
      resolve({exitCode: code ?? -1, output: signal ? `${output}\nended by ${signal}` : output}),
    );
  });
}
