/**
 * Reads `postmaster.pid`, the file in which a server says who it is and how far it has come
 * (pidfile.h). pg_ctl waits for a server by the same file, so no client is needed to see it ready.
 */
import {readFileSync} from 'node:fs';
import path from 'node:path';

export interface LockFile {
  processId: number;
  /** System V shared memory id, when the server has one. */
  sharedMemoryId: number | undefined;
  status: 'starting' | 'stopping' | 'ready' | 'standby' | undefined;
}

const STATUSES = ['starting', 'stopping', 'ready', 'standby'] as const;

export function parseLockFile(text: string): LockFile | undefined {
  const lines = text.split('\n');
  const processId = Number(lines[0]);
  if (!Number.isInteger(processId) || processId <= 0) return undefined;
  const sharedMemoryId = Number(lines[6]?.trim().split(/\s+/)[1]);
  return {
    processId,
    sharedMemoryId: Number.isInteger(sharedMemoryId) ? sharedMemoryId : undefined,
    status: STATUSES.find((status) => status === lines[7]?.trim()),
  };
}

/** `undefined` when there is none, or it is only half written. */
export function readLockFile(dataDirectory: string): LockFile | undefined {
  try {
    return parseLockFile(readFileSync(path.join(dataDirectory, 'postmaster.pid'), 'utf8'));
  } catch {
    return undefined;
  }
}
