/**
 * Reads the end of a server's log for people whose test has failed: what of it came since a moment, and of which
 * database. Lines of the server that belong to no entry of its own (they begin with a tab) go with the entry before.
 */
import {closeSync, fstatSync, openSync, readSync, statSync} from 'node:fs';

/** More than that of one test is not for reading. */
const WINDOW_BYTES = 256 * 1024;
const LINES = 20;

export interface LogSelection {
  /** Bytes of the log that were there before. Default 0. */
  readonly since?: number;
  /** Only what clients of this database caused. Default: everything. */
  readonly database?: string;
  /** Only from entries of errors. Default false. */
  readonly errors?: boolean;
  /** At most so many, the last ones. Default 20. */
  readonly lines?: number;
}

/** The selected lines; `''` if there are none, or no log. */
export function readServerLog(file: string, selection: LogSelection = {}): string {
  return selectLines(readTail(file, selection.since ?? 0), selection).join('\n');
}

/** How long the log is: `since` for a later reading. 0 where there is none. */
export function logSizeBytes(file: string): number {
  return statSync(file, {throwIfNoEntry: false})?.size ?? 0;
}

/** Pure: which lines of a log are wanted. */
export function selectLines(text: string, selection: LogSelection): string[] {
  const {database, errors = false, lines = LINES} = selection;
  const chosen: string[] = [];
  let inside = false;
  for (const line of text.split('\n')) {
    const isContinuation = line.startsWith('\t');
    if (!isContinuation) {
      inside =
        line !== '' &&
        (database === undefined || line.includes(`] ${database} `)) &&
        (!errors || /(?:ERROR|FATAL|PANIC|STATEMENT|DETAIL|HINT|CONTEXT): {2}/.test(line));
    }
    if (inside) chosen.push(line);
  }
  return chosen.slice(-lines);
}

function readTail(file: string, since: number): string {
  if (logSizeBytes(file) === 0) return '';
  const descriptor = openSync(file, 'r');
  try {
    const end = fstatSync(descriptor).size;
    const start = Math.max(since, end - WINDOW_BYTES);
    const buffer = Buffer.alloc(Math.max(0, end - start));
    const length = readSync(descriptor, buffer, 0, buffer.length, start);
    return buffer.toString('utf8', 0, length);
  } finally {
    closeSync(descriptor);
  }
}
