/**
 * Ends a server that is not a child of this process, known by its data folder only: for the
 * watchdog and for the command line's `stop`. It removes no file.
 */
import {execFile} from 'node:child_process';
import {setTimeout as sleep} from 'node:timers/promises';
import {readLockFile} from './lock-file';
import {signalFamily} from './postmaster';
import {isServerOf, sendSignal} from './process-family';

const POLL_INTERVAL_MILLISECONDS = 10;
const PATIENCE_MILLISECONDS = 5000;

/**
 * Asks with a fast shutdown (SIGINT), which frozen processes get too once continued, then kills.
 * `processId` covers the moment before the server has written its own lock file.
 */
export async function endForeignServer(dataDirectory: string, processId?: number): Promise<void> {
  const lock = readLockFile(dataDirectory);
  const target = lock?.processId ?? processId;
  if (target !== undefined && isServerOf(target, dataDirectory)) {
    sendSignal(target, 'SIGINT');
    signalFamily(target, 'SIGCONT');
    if (!(await gone(target, dataDirectory, PATIENCE_MILLISECONDS))) {
      signalFamily(target, 'SIGKILL');
      await gone(target, dataDirectory, PATIENCE_MILLISECONDS);
    }
  }
  await removeSharedMemory(dataDirectory);
}

async function gone(processId: number, dataDirectory: string, patience: number): Promise<boolean> {
  const deadline = Date.now() + patience;
  while (isServerOf(processId, dataDirectory)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_INTERVAL_MILLISECONDS);
  }
  return true;
}

/**
 * A server that was killed leaves its small System V segment behind, and there are only so many
 * (SHMMNI). A lock file after the end says that it was, and which segment.
 */
export function removeSharedMemory(dataDirectory: string): Promise<void> {
  const segment = readLockFile(dataDirectory)?.sharedMemoryId;
  if (segment === undefined || process.platform === 'win32') return Promise.resolve();
  return new Promise((resolve) => {
    execFile('ipcrm', ['-m', String(segment)], () => resolve());
  });
}
