/** Tells the program of queries that took long. What its handler throws goes to `onError`: the query is through. */
import {asError} from '../../errors';
import {notify} from '../telemetry/query-handlers';
import type {Environment} from './environment';
import type {PlannedQuery} from './planned-query';

export async function watched<T>(
  {handlers, report, slowQueryMilliseconds}: Environment,
  queries: readonly PlannedQuery[],
  run: () => Promise<T>,
): Promise<T> {
  const since = performance.now();
  let error: unknown;
  try {
    return await run();
  } catch (reason) {
    error = reason;
    throw reason;
  } finally {
    const milliseconds = performance.now() - since;
    if (milliseconds >= slowQueryMilliseconds) {
      try {
        notify('onSlowQuery', handlers.onSlowQuery, describe(queries, milliseconds, error));
      } catch (thrown) {
        report(asError(thrown));
      }
    }
  }
}

function describe(queries: readonly PlannedQuery[], milliseconds: number, error: unknown) {
  const texts = queries.flatMap(({plan}) => plan.statements.map(({statement}) => statement.text));
  let parameterCount = 0;
  for (const {values} of queries) parameterCount += values.length;
  return {queryText: texts.join('; '), parameterCount, milliseconds, error};
}
