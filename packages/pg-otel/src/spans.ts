/** Spans of queries, streams, copies and transactions. */
import {SpanKind, SpanStatusCode, context, trace as traceApi} from '@opentelemetry/api';
import type {Attributes, Context, Span, Tracer} from '@opentelemetry/api';
import type {QueryTrace, StreamTrace, TransactionTrace} from '@databases/pg';
import {
  errorAttributes,
  errorTypeOf,
  parameterAttributes,
  spanName,
  statementAttributes,
  targetAttributes,
} from './attributes';

export interface SpanOptions {
  readonly parameters: boolean;
  readonly returnedRows: boolean;
  readonly summary: (trace: QueryTrace) => string | undefined;
}

/** That a copy is a COPY is known without reading its text. */
export function operationOf({kind}: StreamTrace): string | undefined {
  return kind === 'queryStream' ? undefined : 'COPY';
}

export class Spans {
  readonly #open = new WeakMap<object, Span>();
  readonly #tracer: Tracer;
  readonly #options: SpanOptions;

  constructor(tracer: Tracer, options: SpanOptions) {
    this.#tracer = tracer;
    this.#options = options;
  }

  beginQuery(trace: QueryTrace): Context {
    return this.#beginStatement(trace, undefined);
  }

  beginStream(trace: StreamTrace): Context {
    return this.#beginStatement(trace, operationOf(trace));
  }

  /** The conventions know of no transactions: its queries are the operations, and it is what they belong to. */
  beginTransaction(trace: TransactionTrace): Context {
    const attributes = targetAttributes(trace);
    return this.#begin(
      trace,
      spanName(trace, undefined, 'transaction'),
      SpanKind.INTERNAL,
      attributes,
    );
  }

  endStatement(trace: QueryTrace): void {
    const returned =
      this.#options.returnedRows && trace.rowCount !== undefined
        ? {'db.response.returned_rows': trace.rowCount}
        : {};
    this.#end(trace, trace.error, returned);
  }

  endTransaction(trace: TransactionTrace): void {
    this.#end(trace, trace.error, {});
  }

  #beginStatement(trace: QueryTrace, operation: string | undefined): Context {
    const summary = this.#options.summary(trace);
    const attributes = {
      ...targetAttributes(trace),
      ...statementAttributes(trace, summary, operation),
      ...(this.#options.parameters ? parameterAttributes(trace) : {}),
    };
    return this.#begin(trace, spanName(trace, summary, operation), SpanKind.CLIENT, attributes);
  }

  #begin(trace: object, name: string, kind: SpanKind, attributes: Attributes): Context {
    const parent = context.active();
    const span = this.#tracer.startSpan(name, {kind, attributes}, parent);
    this.#open.set(trace, span);
    return traceApi.setSpan(parent, span);
  }

  #end(trace: object, error: unknown, attributes: Attributes): void {
    const span = this.#open.get(trace);
    if (span === undefined) return;
    span.setAttributes({...attributes, ...errorAttributes(error)});
    if (error !== undefined) {
      // Messages of Postgres quote values ("invalid input syntax for type integer: ..."), so they go with those.
      const quotes = this.#options.parameters && error instanceof Error;
      const message = quotes ? error.message : errorTypeOf(error);
      span.setStatus({code: SpanStatusCode.ERROR, message});
    }
    span.end();
  }
}
