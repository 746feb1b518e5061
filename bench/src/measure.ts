/** What runs are compared by, and how many times better one is than another. Pure. */
import type {RunResult} from './result';
import {ratios} from './statistics';

/**
 * `operationsPerSecond`, `clientMicroseconds` (CPU per operation), or the name of a figure of the workload.
 * More is better of what is counted per second, less of everything else.
 */
export type Measure = string;

export function moreIsBetter(measure: Measure): boolean {
  return measure.endsWith('PerSecond');
}

/** Undefined where the run has no such figure. */
export function valueOf(run: RunResult, measure: Measure): number | undefined {
  if (measure === 'operationsPerSecond') return run.operationsPerSecond;
  if (measure === 'clientMicroseconds') return run.clientMicroseconds;
  return run.figures[measure];
}

/** How many times better `who` was than `peer` on `workload`, in each round that has both. */
export function advantages(
  runs: readonly RunResult[],
  workload: string,
  peer: string,
  measure: Measure,
  who = 'ours',
): number[] {
  const [own, its] = [who, peer].map(
    (name) =>
      new Map(
        runs
          .filter((run) => run.workload === workload && run.peer === name)
          .flatMap((run) => {
            const value = valueOf(run, measure);
            // Of nothing, and of less than nothing, there are no multiples: memory may have shrunk.
            return value === undefined || value <= 0 ? [] : [[run.round, value] as const];
          }),
      ),
  );
  if (own === undefined || its === undefined) return [];
  return moreIsBetter(measure) ? ratios(own, its) : ratios(its, own);
}
