/** What became of the queries of a pipeline that has a connection to itself, and whether they ran in their order. */
import type {Row} from '../../connection';
import type {PipelineOutcome} from '../api/queryable';

export async function inOrder(answers: readonly Promise<Row[]>[]): Promise<PipelineOutcome[]> {
  const open = new Set(answers.keys());
  const early = new Set<number>();
  const ended = (index: number) => {
    open.delete(index);
    for (const other of open) if (other < index) early.add(index);
  };
  const outcomes = await Promise.allSettled(
    answers.map((answer, index) => answer.finally(() => ended(index))),
  );
  return outcomes.map((outcome, index) => (early.has(index) ? {...outcome, early: true} : outcome));
}
