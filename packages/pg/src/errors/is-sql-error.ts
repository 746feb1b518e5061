/** Whether something thrown is an error with a SQLSTATE that Postgres defines. */
import {SQLErrorCode, UNNAMED_SQLSTATES} from './sqlstate.generated';

/** The fields of an error the server reported (docs: "Error and Notice Message Fields"). */
export interface SQLError extends Error {
  code: SQLErrorCode;
  severity: string;
  detail?: string | undefined;
  hint?: string | undefined;
  position?: string | undefined;
  internalPosition?: string | undefined;
  internalQuery?: string | undefined;
  where?: string | undefined;
  schema?: string | undefined;
  table?: string | undefined;
  column?: string | undefined;
  dataType?: string | undefined;
  constraint?: string | undefined;
  file?: string | undefined;
  line?: string | undefined;
  routine?: string | undefined;
}

const SQLSTATES: ReadonlySet<unknown> = new Set([
  ...Object.values(SQLErrorCode),
  ...UNNAMED_SQLSTATES,
]);

/** Whether `error` is an object whose `code` is a SQLSTATE of Postgres. Errors of this client (`PG_*`) are not. */
export function isSQLError(error: unknown): error is SQLError {
  return (
    typeof error === 'object' && error !== null && 'code' in error && SQLSTATES.has(error.code)
  );
}
