/**
 * Which commands leave something behind in the session that the next user of a pooled connection would
 * see: settings, roles, cursors, listeners, prepared statements. Told by the server's own command tag.
 * https://www.postgresql.org/docs/18/sql-discard.html lists what DISCARD ALL undoes.
 */
import type {Statement} from './statement';

const TAGS = new Set([
  'SET',
  'RESET',
  'LISTEN',
  'UNLISTEN',
  'PREPARE',
  'DEALLOCATE',
  'DEALLOCATE ALL',
  'DECLARE CURSOR',
  'LOAD',
  'DISCARD ALL',
  'DISCARD PLANS',
]);

const NINE = '9'.charCodeAt(0);

export function leavesTraces(commandTag: string, statement: Statement): boolean {
  // Nearly all tags end in a number of rows, and none of these does. A new string is dear to look up.
  if (commandTag.charCodeAt(commandTag.length - 1) <= NINE) return false;
  return TAGS.has(commandTag) && !statement.transactionLocal;
}
