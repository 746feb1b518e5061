import {PgError, nameErrorClass} from './base';
import type {Sent} from './base';
import {codeFrame} from './code-frame';

/**
 * The fields of an ErrorResponse or NoticeResponse, under the names that Node users know them by.
 * https://www.postgresql.org/docs/18/protocol-error-fields.html
 */
export interface DatabaseErrorFields {
  readonly severity?: string;
  /** The severity again, never translated by the server's `lc_messages`. */
  readonly severityNonLocalized?: string;
  /** The SQLSTATE. */
  readonly code?: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  /** Where in the query, counted in characters from 1, as a decimal string. */
  readonly position?: string;
  readonly internalPosition?: string;
  readonly internalQuery?: string;
  readonly where?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly dataType?: string;
  readonly constraint?: string;
  readonly file?: string;
  readonly line?: string;
  readonly routine?: string;
}

export interface DatabaseErrorContext {
  /** The query that `position` counts in. */
  readonly queryText?: string;
  /** What to do about it, or where it happened; put behind the server's message. */
  readonly advice?: string;
  /** Default `no`. A session that the server ended says `maybe`, and so does what may be committed in part. */
  readonly sent?: Sent;
}

/** The SQLSTATE of an error that carries none: XX000, internal_error. */
const INTERNAL_ERROR = 'XX000';

/**
 * An error that Postgres reported. `name` is `error` and `code` the SQLSTATE; `sent` is `no`, because
 * the server undoes a statement that it reports as failed; it is `maybe` where a part may be committed (CALL, DO,
 * VACUUM, ... CONCURRENTLY, outside a transaction) and where the server ended the session.
 *
 * When the server says where in the query the error is, the message ends with the lines around it.
 */
export class DatabaseError extends PgError {
  readonly code: string;
  readonly severity: string | undefined;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly position: string | undefined;
  readonly internalPosition: string | undefined;
  readonly internalQuery: string | undefined;
  readonly where: string | undefined;
  readonly schema: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  readonly dataType: string | undefined;
  readonly constraint: string | undefined;
  readonly file: string | undefined;
  readonly line: string | undefined;
  readonly routine: string | undefined;

  constructor(fields: DatabaseErrorFields, context: DatabaseErrorContext = {}) {
    super(messageOf(fields, context), {sent: context.sent ?? 'no'});
    this.code = fields.code ?? INTERNAL_ERROR;
    this.severity = fields.severity;
    this.detail = fields.detail;
    this.hint = fields.hint;
    this.position = fields.position;
    this.internalPosition = fields.internalPosition;
    this.internalQuery = fields.internalQuery;
    this.where = fields.where;
    this.schema = fields.schema;
    this.table = fields.table;
    this.column = fields.column;
    this.dataType = fields.dataType;
    this.constraint = fields.constraint;
    this.file = fields.file;
    this.line = fields.line;
    this.routine = fields.routine;
  }
}
nameErrorClass(DatabaseError, 'error');

function messageOf(fields: DatabaseErrorFields, context: DatabaseErrorContext): string {
  const message =
    context.advice === undefined ? fields.message : `${fields.message} (${context.advice})`;
  const position = Number(fields.position);
  if (context.queryText === undefined || !Number.isSafeInteger(position) || position < 1) {
    return message;
  }
  return `${message}\n\n${codeFrame(context.queryText, position)}\n`;
}
