/** Holds results against the goals. Pure. */
import {formatFigure, formatSpread, markdownTable, readFigureName} from './format';
import type {Goal, Rivals} from './goals';
import {advantages, valueOf} from './measure';
import type {Measure} from './measure';
import {floors, noRivals, isPeerName, runtimeOf} from './peers';
import type {Results} from './result';
import {median, spread} from './statistics';
import type {Spread} from './statistics';

export type Verdict =
  | {readonly verdict: 'not measured'}
  /** Of a target in times: against `rival`, the one that came closest or was better. */
  | {readonly verdict: 'met' | 'not met'; readonly times: Spread; readonly rival: string}
  | {readonly verdict: 'met' | 'not met'; readonly value: number};

export function judge({workload, measure, target}: Goal, results: Results): Verdict {
  if ('atMost' in target) {
    const values = results.runs
      .filter((run) => run.workload === workload && run.peer === 'ours')
      .flatMap((run) => valueOf(run, measure) ?? []);
    if (values.length === 0) return {verdict: 'not measured'};
    const value = median(values);
    return {verdict: value <= target.atMost ? 'met' : 'not met', value};
  }
  if ('atMostTimes' in target) {
    const furthest = rivalRatios(results, workload, measure, target.than).at(-1);
    if (furthest === undefined) return {verdict: 'not measured'};
    return {verdict: furthest.times.median <= target.atMostTimes ? 'met' : 'not met', ...furthest};
  }
  const closest = closestRival(results, workload, measure, target.than);
  if (closest === undefined) return {verdict: 'not measured'};
  return {verdict: closest.times.median >= target.times ? 'met' : 'not met', ...closest};
}

/** The best of the rivals by the ratio to ours; undefined where none of them ran. */
export function closestRival(
  results: Results,
  workload: string,
  measure: Measure,
  rivals: Rivals,
): {times: Spread; rival: string} | undefined {
  return rivalRatios(results, workload, measure, rivals)[0];
}

/** The one that comes closest, or is better, first. */
function rivalRatios(results: Results, workload: string, measure: Measure, rivals: Rivals) {
  return rivalsIn(results, rivals)
    .map((rival) => ({rival, ratios: advantages(results.runs, workload, rival, measure)}))
    .filter(({ratios}) => ratios.length > 0)
    .map(({rival, ratios}) => ({rival, times: spread(ratios)}))
    .toSorted((a, b) => a.times.median - b.times.median);
}

function rivalsIn(results: Results, rivals: Rivals): string[] {
  const peers = Object.keys(results.peers).filter((name) => name !== 'ours' && !noRivals.has(name));
  if (rivals === 'peers') return peers;
  if (rivals === 'Node peers') {
    return peers.filter((name) => isPeerName(name) && runtimeOf(name) === 'node');
  }
  return Object.keys(results.peers).filter((name) => rivals.includes(name));
}

/** A table of the goals whose workloads are in the results; empty where there are none. */
export function judgementTable(goals: readonly Goal[], results: Results): string[] {
  const rows = goals
    .filter(({workload}) => results.runs.some((run) => run.workload === workload))
    .map((goal) => {
      const verdict = judge(goal, results);
      return [
        goal.workload,
        describeGoal(goal),
        verdict.verdict,
        describeFound(goal, verdict),
        describeFloors(goal, verdict, results),
      ];
    });
  if (rows.length === 0) return [];
  const head = ['workload', 'goal', 'verdict', 'found', 'floors, by the same measure'];
  return markdownTable(head, rows, () => 'left');
}

/** What would be found if the least that has to be done were ours: a goal beyond it cannot be met. */
function describeFloors({workload, measure, target}: Goal, verdict: Verdict, results: Results) {
  if (!('times' in verdict) || 'atMostTimes' in target) return '';
  return floors
    .filter((floor) => floor !== verdict.rival)
    .flatMap((floor) => {
      const reached = advantages(results.runs, workload, verdict.rival, measure, floor);
      return reached.length === 0 ? [] : [`${median(reached).toFixed(2)} ${floor}`];
    })
    .join(', ');
}

function describeGoal({measure, target}: Goal): string {
  const what = describeMeasure(measure);
  if ('atMost' in target) {
    const {unit} = readFigureName(measure);
    return `${what} at most ${formatFigure(measure, target.atMost)} ${unit?.symbol ?? ''}`.trim();
  }
  const {than} = target;
  const rivals = typeof than === 'string' ? `the best of the ${than}` : than.join(', ');
  if ('atMostTimes' in target)
    return `${what} at most ${target.atMostTimes.toFixed(2)} × ${rivals}`;
  const {times} = target;
  return `${what} ${times.toFixed(2)} × ${rivals}`;
}

function describeMeasure(measure: Measure): string {
  if (measure === 'operationsPerSecond') return 'ops/s';
  if (measure === 'clientMicroseconds') return 'client CPU';
  return readFigureName(measure).title;
}

function describeFound({measure}: Goal, verdict: Verdict): string {
  if ('times' in verdict) return `${formatSpread(verdict.times)} × ${verdict.rival}`;
  return 'value' in verdict ? formatFigure(measure, verdict.value) : '';
}
