/**
 * Traces of `@databases/pg` -> attributes by OpenTelemetry's semantic conventions for databases, and for PostgreSQL.
 * https://opentelemetry.io/docs/specs/semconv/database/postgresql/
 *
 * No values: texts of statements have placeholders, and what of a text is a constant is replaced (sanitise.ts).
 * What a statement does and to which table is not guessed from its text.
 */
import type {Attributes} from '@opentelemetry/api';
import type {QueryTrace, TransactionTrace} from '@databases/pg';
import {sanitised} from './sanitise';

type AnyTrace = Pick<
  TransactionTrace,
  'serverAddress' | 'serverPort' | 'database' | 'schema' | 'error'
>;

const DEFAULT_PORT = 5432;
/** The conventions allow this many characters. */
const LONGEST_SUMMARY = 255;

/** `{database}|{schema}`; the schema only where the pool was told one. */
export function namespaceOf({database, schema}: AnyTrace): string {
  return schema === undefined ? database : `${database}|${schema}`;
}

/** What every span and measurement of an operation has. */
export function targetAttributes(trace: AnyTrace): Attributes {
  return {
    'db.system.name': 'postgresql',
    'db.namespace': namespaceOf(trace),
    'server.address': trace.serverAddress,
    ...(trace.serverPort === DEFAULT_PORT ? {} : {'server.port': trace.serverPort}),
  };
}

/** How the operation ended. Empty where it succeeded. */
export function errorAttributes(error: unknown): Attributes {
  if (error === undefined) return {};
  const sqlState = sqlStateOf(error);
  return {
    'error.type': errorTypeOf(error),
    ...(sqlState === undefined ? {} : {'db.response.status_code': sqlState}),
  };
}

/** A SQLSTATE, a code of the client such as `PG_CONNECTION_LOST`, or the name of the error. */
export function errorTypeOf(error: unknown): string {
  if (!(error instanceof Error)) return '_OTHER';
  const code = codeOf(error);
  return typeof code === 'string' ? code : error.name;
}

/** Of errors that the server reported. */
function sqlStateOf(error: unknown): string | undefined {
  const code = codeOf(error);
  const isReported = error instanceof Error && 'severity' in error;
  return isReported && typeof code === 'string' ? code : undefined;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

export function statementAttributes(
  trace: QueryTrace,
  summary: string | undefined,
  operation: string | undefined,
): Attributes {
  return {
    'db.query.text': sanitised(trace.queryText),
    ...(trace.batchSize === undefined ? {} : {'db.operation.batch.size': trace.batchSize}),
    ...nameAttributes(summary, operation),
  };
}

/** Those that measurements have as well: there are few of them. */
export function nameAttributes(
  summary: string | undefined,
  operation: string | undefined,
): Attributes {
  return {
    ...(summary === undefined ? {} : {'db.query.summary': summary.slice(0, LONGEST_SUMMARY)}),
    ...(operation === undefined ? {} : {'db.operation.name': operation}),
  };
}

/** The conventions leave out those of batches. */
export function parameterAttributes(trace: QueryTrace): Attributes {
  if (trace.batchSize !== undefined) return {};
  const values = trace.parameterValues();
  return Object.fromEntries(
    values.map((value, index) => [`db.query.parameter.${index}`, textOf(value)]),
  );
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // A bigint, or a cycle.
    return String(value);
  }
}

/** By the conventions: what the operation is called, else where it goes. */
export function spanName(
  trace: AnyTrace,
  summary: string | undefined,
  operation: string | undefined,
): string {
  if (summary !== undefined) return summary.slice(0, LONGEST_SUMMARY);
  const target = namespaceOf(trace);
  return operation === undefined ? target : `${operation} ${target}`;
}
