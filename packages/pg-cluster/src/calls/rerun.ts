/** Pure: whether a read that failed on a replica may run once more elsewhere. It has delivered nothing yet. */
import {AuthenticationError, ConnectionError, DatabaseError, TimeoutError} from '@databases/pg';

export type Rerun =
  /** The node was the reason: any other will do. */
  | 'elsewhere'
  /** What a replica cannot do or does not know yet: the primary can. */
  | 'onPrimary'
  | 'never';

/** Conflicts with recovery (40001, 40P01), a node that ends or starts (57P0x), one without room (53300). */
const OF_THE_NODE = new Set(['40001', '40P01', '57P01', '57P02', '57P03', '57P04', '53300']);
/**
 * What looks like a mistake and may only be that the replica has not replayed the DDL yet: no such schema, table,
 * column, function, type; a plan or prepared statement that has gone stale; an unlogged table.
 */
const OF_THE_CATALOGUE = new Set(['3F000', '42P01', '42703', '42883', '42704', '0A000', '26000']);
/** The functions of the server that refuse writing, told apart from a program's own RAISE with the same SQLSTATE. */
const OF_RECOVERY = new Set(['PreventCommandIfReadOnly', 'PreventCommandDuringRecovery']);

export function rerunOf(error: unknown): Rerun {
  if (error instanceof DatabaseError) {
    if (OF_THE_NODE.has(error.code)) return 'elsewhere';
    if (OF_THE_CATALOGUE.has(error.code)) return 'onPrimary';
    return OF_RECOVERY.has(error.routine ?? '') ? 'onPrimary' : 'never';
  }
  return isNodeTrouble(error) ? 'elsewhere' : 'never';
}

/** Whether the error says that the node, not the statement, was the reason. */
export function isNodeTrouble(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.code.startsWith('57P');
  if (error instanceof TimeoutError) return error.code !== 'PG_QUERY_TIMEOUT';
  return error instanceof ConnectionError || error instanceof AuthenticationError;
}

/** Whether a connection broke, so that what its session had shown is void. */
export function isConnectionLoss(error: unknown): boolean {
  return (
    error instanceof ConnectionError ||
    (error instanceof DatabaseError && error.code.startsWith('57P'))
  );
}

/** Whether nothing of it reached a server that would act on it, because there was none: it may be sent elsewhere. */
export function wasNeverSent(error: unknown): boolean {
  if (error instanceof ConnectionError) return error.sent === 'no';
  if (error instanceof TimeoutError) return error.code === 'PG_CONNECT_TIMEOUT';
  // Refused at connecting. In an open session the server says 57P01 or 57P02, which may come in the midst of work.
  return error instanceof DatabaseError && error.code === '57P03' && error.sent === 'no';
}
