/**
 * Errors as programs written for pg know them: a `DatabaseError` has the server's own message and fields, an error of
 * the network the code of the system (`ECONNREFUSED`). What @databases/pg knows of it is the `cause`.
 */
import {DatabaseError as EngineError} from '@databases/pg/raw';
import type {DatabaseErrorFields} from '@databases/pg/raw';

/** Also of notices, which have the same fields. */
export class DatabaseError extends Error {
  readonly length: number;
  override readonly name: 'error' | 'notice';
  readonly severity: string | undefined;
  readonly code: string | undefined;
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

  constructor(fields: DatabaseErrorFields, name: 'error' | 'notice' = 'error', cause?: unknown) {
    super(fields.message, cause === undefined ? {} : {cause});
    this.length = lengthOf(fields);
    this.name = name;
    this.severity = fields.severity;
    this.code = fields.code;
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

/** The bytes of the message: each field has a letter and a zero, all of them a length and a zero. */
function lengthOf(fields: DatabaseErrorFields): number {
  const bytes = Object.values(fields).reduce(
    (sum, value) => (typeof value === 'string' ? sum + Buffer.byteLength(value) + 2 : sum),
    0,
  );
  return bytes + 5;
}

/** An error of the engine as pg would have given it. */
export function asPgError(error: unknown): Error {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof EngineError) return new DatabaseError(fieldsOf(each), 'error', error);
    const code: unknown = 'syscall' in each && 'code' in each ? each.code : undefined;
    if (typeof code === 'string')
      return Object.assign(new Error(each.message, {cause: error}), {code});
  }
  return error instanceof Error ? error : new Error(String(error));
}

function fieldsOf(error: EngineError): DatabaseErrorFields {
  const {message, code} = error;
  // Its message ends with the lines of the statement and advice, which is told by the cause.
  return {...definedFields(error), code, message};
}

const FIELDS = [
  'severity',
  'detail',
  'hint',
  'position',
  'internalPosition',
  'internalQuery',
  'where',
  'schema',
  'table',
  'column',
  'dataType',
  'constraint',
  'file',
  'line',
  'routine',
] as const;

function definedFields(error: EngineError): Partial<DatabaseErrorFields> {
  return Object.fromEntries(
    FIELDS.flatMap((name) => {
      const value = error[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
