/**
 * Runs the statements of queries one after the other, each described first where the types of its parameters are not
 * known: what a later statement means may depend on an earlier one.
 */
import {Step} from '../../connection';
import type {Row, Statement} from '../../connection';
import type {TypeRegistry} from '../../types';
import type {PlannedQuery} from '../queries/planned-query';
import {encodeValues, needsDescription} from '../values/encode-values';

export interface StatementRuns {
  describe(statement: Statement): Promise<void>;
  run(step: Step): Promise<Row[]>;
}

/** @returns For each query the rows of its last statement. What was sent is in its `steps`. */
export async function runOneByOne(
  queries: readonly PlannedQuery[],
  registry: TypeRegistry,
  runs: StatementRuns,
): Promise<readonly Row[][]> {
  const rows: Row[][] = [];
  for (const planned of queries) {
    let last: Row[] = [];
    planned.steps = [];
    for (const {statement, valueIndexes} of planned.plan.statements) {
      if (needsDescription(planned.values, valueIndexes, statement, registry)) {
        await runs.describe(statement);
      }
      const parameters = encodeValues(planned.values, valueIndexes, statement, registry);
      const step = new Step(statement, parameters, true, planned.comment);
      planned.steps = [...planned.steps, step];
      last = await runs.run(step);
    }
    rows.push(last);
  }
  return rows;
}
