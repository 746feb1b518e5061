/**
 * One run of the `postgres` program on a data folder: starts it, waits until it takes connections,
 * signals it, waits for its end. Restarting is a new Postmaster on the same folder.
 */
import {spawn} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';
import {closeSync, openSync, readFileSync, statSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Account} from './account';
import type {Binaries} from './binaries';
import {PgTestError} from './error';
import {readLockFile} from './lock-file';
import {childrenOf, isAlive, sendSignal} from './process-family';

const POLL_INTERVAL_MILLISECONDS = 5;

export interface PostmasterOptions {
  binaries: Binaries;
  account: Account;
  dataDirectory: string;
  logFile: string;
  /** How long to wait for "ready"; recovery after a crash counts in. */
  startTimeoutMilliseconds: number;
  /** Called with the process id as soon as there is a process. */
  onSpawn?: (processId: number) => void;
}

export interface Postmaster {
  readonly processId: number;
  /** Resolves at the end of the process, whatever ended it. */
  readonly ended: Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** To the children as well: `SIGKILL` is a crash of the machine, `SIGSTOP` a frozen one. */
  signalFamily(name: NodeJS.Signals): void;
  /** Kills every process of the server and waits until all are gone. */
  killFamily(): Promise<void>;
  /** Keeps this Node process alive until the server has ended. */
  hold(): void;
}

/** Throws `PG_TEST_PORT_IN_USE`, `PG_TEST_START_FAILED` and `PG_TEST_TIMEOUT`. */
export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  const log = openSync(options.logFile, 'a');
  const logStart = statSync(options.logFile).size;
  const child = spawn(options.binaries.postgres, ['-D', options.dataDirectory], {
    ...options.account,
    cwd: options.dataDirectory,
    env: serverEnvironment(options.dataDirectory),
    stdio: ['ignore', log, log],
    detached: true, // Ctrl-C in a terminal is for the caller; its stop() comes after.
    windowsHide: true,
  });
  closeSync(log);
  let ended = false;
  const end = new Promise<void>((resolve) => {
    const finish = () => {
      ended = true;
      resolve();
    };
    child.once('exit', finish);
    child.once('error', finish);
  });
  const processId = child.pid;
  const newLog = () => readFileSync(options.logFile).subarray(logStart).toString('utf8');
  if (processId === undefined) {
    const error = await new Promise<Error>((resolve) => child.once('error', resolve));
    throw new PgTestError(
      'PG_TEST_START_FAILED',
      `${options.binaries.postgres} could not be run: ${error.message}`,
    );
  }
  options.onSpawn?.(processId);
  const deadline = Date.now() + options.startTimeoutMilliseconds;
  for (;;) {
    const lock = readLockFile(options.dataDirectory);
    if (lock?.processId === processId && lock.status === 'ready') break;
    if (ended) throw startFailure(newLog());
    if (Date.now() > deadline) {
      child.kill('SIGKILL');
      await end;
      throw new PgTestError(
        'PG_TEST_TIMEOUT',
        `Postgres was not ready after ${options.startTimeoutMilliseconds} ms (status: ${lock?.status ?? 'none'}). Its log ends:\n${newLog().slice(-1500)}`,
      );
    }
    await sleep(POLL_INTERVAL_MILLISECONDS);
  }
  child.unref();
  return createPostmaster(child, processId, end);
}

function createPostmaster(
  child: ChildProcess,
  processId: number,
  ended: Promise<void>,
): Postmaster {
  const running = () => child.exitCode === null && child.signalCode === null;
  return {
    processId,
    ended,
    signal: (name) => {
      if (running()) sendSignal(processId, name);
    },
    signalFamily: (name) => {
      if (running()) signalFamily(processId, name);
    },
    killFamily: async () => {
      if (!running()) return;
      child.ref();
      const children = signalFamily(processId, 'SIGKILL');
      await ended;
      // A child that still holds the shared memory would make the next start fail.
      while (children.some(isAlive)) await sleep(POLL_INTERVAL_MILLISECONDS);
    },
    hold: () => child.ref(),
  };
}

/**
 * The postmaster is stopped first, so that it forks nothing while its children are listed, and
 * continued last. Gives back the children.
 */
export function signalFamily(processId: number, name: NodeJS.Signals): number[] {
  if (name !== 'SIGCONT') sendSignal(processId, 'SIGSTOP');
  const children = childrenOf(processId);
  for (const child of children) sendSignal(child, name);
  sendSignal(processId, name);
  if (name !== 'SIGSTOP' && name !== 'SIGKILL') sendSignal(processId, 'SIGCONT');
  return children;
}

/**
 * Variables such as PGPORT or PGDATA of the caller would reach into the server, so only a few pass.
 * HOME: a standby's walreceiver looks for ~/.postgresql and dies where it may not look.
 */
export function serverEnvironment(home: string): NodeJS.ProcessEnv {
  const passed = ['PATH', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'SystemRoot', 'TEMP', 'TMP'];
  const kept = passed.map((name) => [name, process.env[name]] as const);
  return {
    ...Object.fromEntries(kept.filter(([, value]) => value !== undefined)),
    HOME: home,
    LC_ALL: 'C',
    TZ: 'UTC',
  };
}

function startFailure(log: string): PgTestError {
  if (/could not bind .*(?:in use|Only one usage)/.test(log)) {
    const port = /"(?:\S+)", port (\d+)|port (\d+)/.exec(log);
    return new PgTestError(
      'PG_TEST_PORT_IN_USE',
      `Port ${port?.[1] ?? port?.[2] ?? ''} is in use by another process; choose another, or 0 for a free one.`.replace(
        'Port  is',
        'The port is',
      ),
    );
  }
  const reasons = log
    .split('\n')
    .filter((line) =>
      /FATAL|PANIC|ERROR|HINT|DETAIL|LOG:  (?:invalid|unrecognized|syntax)/.test(line),
    );
  return new PgTestError(
    'PG_TEST_START_FAILED',
    `Postgres ended before it was ready:\n${(reasons.length > 0 ? reasons.join('\n') : log).slice(-1500)}`,
  );
}
