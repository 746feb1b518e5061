/**
 * Looks at processes by id: whether one is the server of a data folder, and which its children are.
 * A server's children lead process groups of their own, so a group signal would miss them.
 */
import {execFileSync} from 'node:child_process';
import {readFileSync, readdirSync} from 'node:fs';

export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
  } catch (error) {
    // EPERM: it lives, under another account.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return !isZombie(processId);
}

function isZombie(processId: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return /\) Z /.test(readFileSync(`/proc/${processId}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

/** Guards against a process id that was given to somebody else since. */
export function isServerOf(processId: number, dataDirectory: string): boolean {
  if (!isAlive(processId)) return false;
  if (process.platform === 'win32') return true;
  return commandLine(processId).includes(dataDirectory);
}

function commandLine(processId: number): string {
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${processId}/cmdline`, 'utf8')
      : execFileSync('ps', ['-o', 'command=', '-p', String(processId)], {encoding: 'utf8'});
  } catch {
    return '';
  }
}

/** Direct children only; a postmaster's processes have none of their own. */
export function childrenOf(processId: number): number[] {
  try {
    if (process.platform === 'linux') return childrenInProc(processId);
    const list = execFileSync('pgrep', ['-P', String(processId)], {encoding: 'utf8'});
    return list.split(/\s+/).filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** By the parent's id in /proc/<pid>/stat: the shorter `children` file is not in every kernel. */
function childrenInProc(processId: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((candidate) => {
      if (!Number.isInteger(candidate)) return false;
      try {
        const stat = readFileSync(`/proc/${candidate}/stat`, 'utf8');
        // The name in parentheses may hold anything; after it come the state and the parent.
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === processId;
      } catch {
        return false;
      }
    });
}

/** A process that is gone already is not an error. */
export function sendSignal(processId: number, signal: NodeJS.Signals): void {
  try {
    process.kill(processId, signal);
  } catch {
    // Gone, or never ours: either way there is nothing left to signal.
  }
}
