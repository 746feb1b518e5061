/** How a piece of the server's log is shown beside a failed test: nothing where the server said nothing. */
import {readServerLog} from './server-log';
import type {LogSelection} from './server-log';

export function describeLog(file: string, selection: LogSelection): string {
  const log = readServerLog(file, selection);
  return log === '' ? '' : `\nWhat Postgres logged meanwhile:\n${log}\n\n`;
}
