/** Tells the program's handlers of the statements of queries, in order, around running them. */
import type {Step} from '../connection';
import type {Environment} from './environment';
import type {PlannedQuery} from './planned-query';
import {notify} from './query-handlers';
import type {FormattedStatement} from './query-handlers';

interface ObservedStatement {
  readonly planned: PlannedQuery;
  readonly formatted: FormattedStatement;
}

export async function observed<T>(
  environment: Environment,
  queries: readonly PlannedQuery[],
  run: (hear: (own: readonly Step[]) => void) => Promise<T>,
): Promise<T> {
  const {handlers} = environment;
  const statements = queries.flatMap(statementsOf);
  for (const {planned, formatted} of statements) {
    notify('onQueryStart', handlers.onQueryStart, planned.query, formatted);
  }
  let failedAt = 0;
  try {
    return await run((own) => {
      own.forEach((step, index) => {
        const statement = statements[index];
        if (statement === undefined) return;
        const {planned, formatted} = statement;
        failedAt = statements.length;
        notify('onQueryResults', handlers.onQueryResults, planned.query, formatted, step.rows);
      });
    });
  } catch (error) {
    const statement = statements[failedAt];
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
