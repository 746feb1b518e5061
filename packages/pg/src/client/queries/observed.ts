/** Tells the program's handlers of the statements of queries, in order, around running them; and the channels. */
import type {Step} from '../../connection';
import {queryChannel} from '../../tracing';
import type {TraceTarget} from '../../tracing';
import {hasHandlers, notify} from '../telemetry/query-handlers';
import type {FormattedStatement} from '../telemetry/query-handlers';
import type {Environment} from './environment';
import type {PlannedQuery} from './planned-query';
import type {Answer} from './query-call';
import {watched} from './slow-query';
import {tracedQuery} from './traced-query';

interface ObservedStatement {
  readonly planned: PlannedQuery;
  readonly formatted: FormattedStatement;
}

/** @param run Runs the queries; the answer it is given tells those who listen before it answers. */
export function observed<T>(
  environment: Environment,
  target: TraceTarget,
  queries: readonly PlannedQuery[],
  answer: Answer<T>,
  run: (answer: Answer<T>) => Promise<T>,
): Promise<T> {
  if (environment.handlers.onSlowQuery === undefined) {
    return told(environment, target, queries, answer, run);
  }
  return watched(environment, queries, () => told(environment, target, queries, answer, run));
}

function told<T>(
  environment: Environment,
  target: TraceTarget,
  queries: readonly PlannedQuery[],
  answer: Answer<T>,
  run: (answer: Answer<T>) => Promise<T>,
): Promise<T> {
  if (!queryChannel.hasSubscribers) return handled(environment, queries, answer, run);
  return tracedQuery(target, queries, answer, (counted) =>
    hasHandlers(environment.handlers) ? handled(environment, queries, counted, run) : run(counted),
  );
}

async function handled<T>(
  environment: Environment,
  queries: readonly PlannedQuery[],
  answer: Answer<T>,
  run: (answer: Answer<T>) => Promise<T>,
): Promise<T> {
  const {handlers} = environment;
  const statements = queries.flatMap(statementsOf);
  for (const {planned, formatted} of statements) {
    notify('onQueryStart', handlers.onQueryStart, planned.query, formatted);
  }
  const hear = (own: readonly Step[]) => {
    own.forEach((step, index) => {
      const statement = statements[index];
      if (statement === undefined) return;
      const {planned, formatted} = statement;
      notify('onQueryResults', handlers.onQueryResults, planned.query, formatted, step.rows);
    });
  };
  let answered = false;
  try {
    return await run((own) => {
      answered = true;
      hear(own);
      return answer(own);
    });
  } catch (error) {
    if (answered) throw error;
    const sent = queries.flatMap(({steps}) => steps);
    const failedAt = sent.findIndex((step) => step.progress !== 'complete');
    // None: what failed is not a statement of the program, but the COMMIT behind them.
    hear(failedAt < 0 ? sent : sent.slice(0, failedAt));
    const statement =
      failedAt < 0 && sent.length > 0 ? undefined : statements[Math.max(failedAt, 0)];
    if (statement !== undefined && error instanceof Error) {
      notify(
        'onQueryError',
        handlers.onQueryError,
        statement.planned.query,
        statement.formatted,
        error,
      );
    }
    throw error;
  }
}

function statementsOf(planned: PlannedQuery): ObservedStatement[] {
  return planned.plan.statements.map(({statement, valueIndexes}) => ({
    planned,
    formatted: {
      text: statement.text,
      values: valueIndexes?.map((index) => planned.values[index]) ?? planned.values,
    },
  }));
}
