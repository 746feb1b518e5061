/**
 * What the documentation shows of a run: a plot, and the parts of pages between two marks. Pure.
 *
 * The page around the marks is written by hand; what stands between them is written here and nowhere else.
 */
import {markdownTable} from './format';
import {headlineOf} from './headline';
import {goals} from './goals';
import {closestRival, judgementTable} from './judge';
import {advantages} from './measure';
import type {Measure} from './measure';
import {plotSvg} from './plot';
import type {Bar, PlotGroup} from './plot';
import {circumstances} from './report';
import type {Results} from './result';
import {spread} from './statistics';

export const beginMark =
  '<!-- bench: written by `npm run bench -- --write-guide`, do not edit down to the end mark -->';
export const endMark = '<!-- bench: end -->';

// Less than this is for seeing that everything works.
const leastRounds = 5;
const leastSeconds = 1;

const nothing = '–';

/** @throws Error where the page has not both marks, in their order. */
export function updatePage(page: string, section: string): string {
  const begin = page.indexOf(beginMark);
  const end = page.indexOf(endMark);
  if (begin < 0 || end < begin) {
    throw new Error(`the page lacks "${beginMark}" and, after it, "${endMark}"`);
  }
  return `${page.slice(0, begin + beginMark.length)}\n\n${section}\n\n${page.slice(end)}`;
}

export function guideSection(results: Results): string {
  return withCircumstances(results, [
    'How many times as fast as each peer ours was (above 1: ours is faster):',
    matrix(results, (workload) => headlineOf(workload).measure).join('\n'),
    'How many times the CPU of ours the client needed for the same work (above 1: ours needs less):',
    matrix(results, () => 'clientMicroseconds').join('\n'),
  ]);
}

/** What the page of the goals shows of a run. */
export function goalsSection(results: Results): string {
  return withCircumstances(results, [judgementTable(goals, results).join('\n')]);
}

/** Behind where the numbers come from, and how much they say. */
function withCircumstances(results: Results, parts: readonly string[]): string {
  const notes = isShort(results) ? [shortNote(results)] : [];
  return [...notes, circumstances(results).join('\n'), ...parts].join('\n\n');
}

/** The strictest comparison with a client for Node, then Bun's own, then what ours replaces. */
export function guidePlot(results: Results): string {
  const groups = Object.keys(results.workloads).flatMap((workload): PlotGroup[] => {
    const bars = barsOf(results, workload);
    return bars.length === 0 ? [] : [{label: workload, remark: headlineOf(workload).remark, bars}];
  });
  const {date, cpu, cores, node} = results.machine;
  const notes = [
    'Bars to the right: ours is so many times as fast. For each workload: the best other client for Node,',
    'Bun.SQL on Bun, and the published @databases/pg. Client and server share one machine.',
    `${date.slice(0, 10)}, ${cpu}, ${cores} cores, Node ${node}, Postgres ${results.postgres}; medians of ${results.rounds} rounds.`,
  ];
  if (isShort(results))
    notes.push('A short run: it shows the form, its figures are not to be quoted.');
  return plotSvg({title: '@databases/pg beside its peers', notes, groups});
}

function barsOf(results: Results, workload: string): Bar[] {
  const {measure} = headlineOf(workload);
  const best = closestRival(results, workload, measure, 'Node peers');
  const named = ['bun', 'databases-pg'].map((peer) =>
    closestRival(results, workload, measure, [peer]),
  );
  return [best, ...named].flatMap((rival, series): Bar[] => {
    // The published one is shown once where it is the best itself.
    if (rival === undefined || (series > 0 && rival.rival === best?.rival)) return [];
    return [{ratio: rival.times.median, label: titleOf(results, rival.rival), series}];
  });
}

/** Workloads and peers of which there is nothing to compare are left out. */
function matrix(results: Results, measureOf: (workload: string) => Measure): string[] {
  const workloads = Object.keys(results.workloads);
  const ratiosOf = (workload: string, peer: string) =>
    advantages(results.runs, workload, peer, measureOf(workload));
  const peers = Object.keys(results.peers).filter(
    (peer) => peer !== 'ours' && workloads.some((workload) => ratiosOf(workload, peer).length > 0),
  );
  const rows = workloads
    .map((workload) => [workload, ...peers.map((peer) => cell(ratiosOf(workload, peer)))])
    .filter(([, ...cells]) => cells.some((content) => content !== nothing));
  return markdownTable(['', ...peers.map((peer) => titleOf(results, peer))], rows);
}

/** With `≈` where the rounds do not agree on who was better. */
function cell(ratios: readonly number[]): string {
  if (ratios.length === 0) return nothing;
  const {median, least, most} = spread(ratios);
  return `${least < 1 && most > 1 ? '≈ ' : ''}${median.toFixed(2)}`;
}

function titleOf(results: Results, peer: string): string {
  return results.peers[peer] ?? peer;
}

function isShort({rounds, seconds}: Results): boolean {
  return rounds < leastRounds || seconds < leastSeconds;
}

function shortNote({rounds, seconds}: Results): string {
  return (
    `**A short run (${rounds} × ${seconds} s), to show the form.** ` +
    'Its figures are not to be quoted: so little time shows start-up and chance.'
  );
}
