/** What queries that were sent together, or one by one in their place, give to their caller. */
import {Step} from '../../connection';
import type {Row} from '../../connection';
import type {PlannedQuery} from './planned-query';
import {lastRows} from './query-call';
import type {Answer} from './query-call';

/** Steps as if the queries had been run in one exchange, with the rows that they gave one by one. */
export function stepsWith(queries: readonly PlannedQuery[], rows: readonly Row[][]): Step[] {
  return queries.flatMap((planned, index) =>
    planned.plan.statements.map(({statement}, at, all) => {
      const step = new Step(statement, []);
      if (at === all.length - 1) step.rows = rows[index] ?? [];
      return step;
    }),
  );
}

/** Gives each query of an array the rows of its last statement. */
export function answerOfEach(queries: readonly PlannedQuery[]): Answer<Row[][]> {
  return (own) => {
    let end = 0;
    return queries.map((planned) => {
      const start = end;
      end += planned.plan.statements.length;
      return lastRows(own.slice(start, end));
    });
  };
}
