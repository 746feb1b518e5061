/** Tells the diagnostics channels of queries and streams. Called only where somebody listens. */
import type {Row, Step} from '../../connection';
import {queryChannel, QueryTrace, StreamTrace, traced} from '../../tracing';
import type {StreamKind, TracedStatements, TraceTarget} from '../../tracing';
import type {PlannedQuery} from './planned-query';
import type {Answer} from './query-call';

/** @param run Runs the queries; the answer it is given counts the rows before it answers. */
export function tracedQuery<T>(
  target: TraceTarget,
  queries: readonly PlannedQuery[],
  answer: Answer<T>,
  run: (answer: Answer<T>) => Promise<T>,
): Promise<T> {
  const statements = statementsOf(queries);
  if (statements === undefined) return run(answer);
  const trace = new QueryTrace(target, statements);
  return traced(queryChannel, trace, () =>
    run((own) => {
      trace.rowCount = rowsOf(own);
      return answer(own);
    }),
  );
}

/** A single statement that is sent without a plan. @param send May throw. */
export function tracedPlain(
  target: TraceTarget,
  text: string,
  values: readonly unknown[],
  send: () => Promise<Row[]>,
): Promise<Row[]> {
  const trace = new QueryTrace(target, {text, batchSize: undefined, values});
  return traced(queryChannel, trace, send, countRows);
}

function countRows(trace: QueryTrace, rows: readonly Row[]): void {
  trace.rowCount = rows.length;
}

export function streamTrace(
  target: TraceTarget,
  kind: StreamKind,
  text: string,
  values: readonly unknown[],
) {
  return new StreamTrace(target, {text, batchSize: undefined, values}, kind);
}

/** Undefined where the queries have no statement at all: then nothing is sent. */
function statementsOf(queries: readonly PlannedQuery[]): TracedStatements | undefined {
  const texts = queries.flatMap(({plan}) => plan.statements.map(({statement}) => statement.text));
  if (texts.length === 0) return undefined;
  return {
    text: texts.join('; '),
    batchSize: texts.length === 1 ? undefined : texts.length,
    values: queries.flatMap(({values}) => values),
  };
}

function rowsOf(own: readonly Step[]): number {
  let rows = 0;
  for (const step of own) rows += step.rows.length;
  return rows;
}
