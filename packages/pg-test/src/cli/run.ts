/**
 * `pg-test run`: a server for the length of one command, prepared for set-up files of test runners and with the
 * migrations of PG_TEST_MIGRATIONS_SCRIPT. The command's exit is ours; a signal sent to us goes on to the command, and
 * we end when it has.
 */
import {spawn} from 'node:child_process';
import {constants} from 'node:os';
import {Registry} from '../registry';
import {prepareRun} from '../runners/start-run';
import type {Command} from './arguments';
import {launchFromFlags} from './launch';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
/** What shells answer for a command that cannot be started. */
const NOT_STARTED = 127;

/** Resolves with the exit code for this process. */
export async function runCommandWithServer(command: Command): Promise<number> {
  const {flags} = command;
  const registry = new Registry();
  const interrupted = interruption();
  const name = typeof flags.name === 'string' ? flags.name : `run-${process.pid}`;
  const launched = await launchFromFlags(flags, name, 'run');
  try {
    registry.add(launched.entry);
    try {
      await prepareRun(
        launched.primary,
        {environmentVariable: 'DATABASE_URL'},
        process.env['PG_TEST_MIGRATIONS_SCRIPT'] ? 'test-db' : undefined,
      );
      const early = interrupted();
      if (early !== undefined) return signalExitCode(early);
      return await runToEnd(command.operands, {
        ...process.env,
        ...(launched.replicas.length > 0
          ? {
              DATABASE_REPLICA_URLS: launched.replicas
                .map((replica) => replica.connectionString)
                .join(','),
            }
          : {}),
      });
    } finally {
      registry.remove(name);
    }
  } finally {
    await launched.stop();
  }
}

/** From here on a signal does not end this process by itself. */
function interruption(): () => NodeJS.Signals | undefined {
  let received: NodeJS.Signals | undefined;
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      received ??= signal;
    });
  }
  return () => received;
}

function runToEnd(operands: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const [file = '', ...args] = operands;
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      env: environment,
      stdio: 'inherit',
      shell: process.platform === 'win32', // npm, npx and their like are .cmd files there.
    });
    for (const signal of FORWARDED) {
      process.on(signal, () => {
        // A terminal's Ctrl-C reaches the command without us; a second one is what it would be
        // in a shell script too.
        if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
      });
    }
    child.once('error', (error) => {
      process.stderr.write(`pg-test: ${file} could not be started: ${error.message}\n`);
      resolve(NOT_STARTED);
    });
    child.once('exit', (code, signal) => resolve(signal ? signalExitCode(signal) : (code ?? 1)));
  });
}

/** The convention of shells. */
function signalExitCode(signal: NodeJS.Signals): number {
  return 128 + (constants.signals[signal] ?? 0);
}
