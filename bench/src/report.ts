/** Results as Markdown: medians, and ratios to ours made within each round. Pure. */
import {
  formatFigure,
  formatSpread,
  markdownTable,
  percent,
  readFigureName,
  threeDigits,
} from './format';
import {advantages, moreIsBetter} from './measure';
import type {Measure} from './measure';
import type {Results, RunResult} from './result';
import {median, spread} from './statistics';

const bytesPerMebibyte = 1024 * 1024;

const columns = [
  'peer',
  'ops/s',
  'ours ×',
  'client CPU µs/op (kernel)',
  'its CPU ÷ ours',
  'backend CPU µs/op',
  'GC',
  'p50 ms',
  'p99 ms',
  'max RSS MiB',
];

/** Where the numbers come from, then a table for each workload. */
export function report(results: Results): string {
  const lines = [...circumstances(results)];
  for (const [workload, title] of Object.entries(results.workloads)) {
    const table = workloadTable(results, workload);
    if (table.length > 0) lines.push('', `**${workload}**: ${title}`, '', ...table);
  }
  return lines.join('\n');
}

export function circumstances(results: Results): string[] {
  const {machine} = results;
  const others = results.runs.flatMap((run) => run.othersCores ?? []);
  const lines = [
    `${machine.date.slice(0, 10)}, ${machine.cpu}, ${machine.cores} cores (client and server share them), ` +
      `${machine.system}, Node ${machine.node}, Postgres ${results.postgres}.`,
    `${results.rounds} rounds of ${results.seconds} s per run; medians; in parentheses the least and the ` +
      `greatest ratio of a round.`,
  ];
  if (others.length > 0) {
    const {median: middle, most} = spread(others);
    lines.push(
      `Other programs kept ${middle.toFixed(1)} cores busy (median; at most ${most.toFixed(1)}).`,
    );
  }
  return lines;
}

/** Empty where nothing was measured. */
function workloadTable(results: Results, workload: string): string[] {
  const runs = results.runs.filter((run) => run.workload === workload);
  if (runs.length === 0) return [];
  const figures = [...new Set(runs.flatMap((run) => Object.keys(run.figures)))];
  const rows = Object.entries(results.peers).flatMap(([peer, title]) => {
    const its = runs.filter((run) => run.peer === peer);
    if (its.length === 0) return [];
    const ratio = (measure: Measure) => ratioCell(advantages(runs, workload, peer, measure), peer);
    return [
      [
        title,
        ...commonCells(its, ratio),
        ...figures.map((name) =>
          figureCell(its, name, advantages(runs, workload, peer, name), peer),
        ),
      ],
    ];
  });
  return markdownTable([...columns, ...figures.map(figureHead)], rows);
}

function commonCells(its: readonly RunResult[], ratio: (measure: Measure) => string): string[] {
  const middle = (figure: (run: RunResult) => number) => median(its.map(figure));
  const backend = its.flatMap((run) => run.serverMicroseconds ?? []);
  const pauses = its.flatMap((run) => run.garbageCollectionShare ?? []);
  const kernelShare = middle((run) => run.clientSystemMicroseconds / run.clientMicroseconds);
  return [
    threeDigits(middle((run) => run.operationsPerSecond)),
    ratio('operationsPerSecond'),
    `${threeDigits(middle((run) => run.clientMicroseconds))} (${percent(kernelShare)})`,
    ratio('clientMicroseconds'),
    backend.length === 0 ? '–' : threeDigits(median(backend)),
    pauses.length === 0 ? '–' : `${(median(pauses) * 100).toFixed(1)} %`,
    middle((run) => run.p50Milliseconds).toFixed(2),
    middle((run) => run.p99Milliseconds).toFixed(2),
    threeDigits(middle((run) => run.maxResidentBytes / bytesPerMebibyte)),
  ];
}

/** Empty for ours itself, and where there is nothing to compare. */
function ratioCell(ratios: readonly number[], peer: string): string {
  return peer === 'ours' || ratios.length === 0 ? '' : formatSpread(spread(ratios));
}

function figureHead(name: string): string {
  const {title, unit} = readFigureName(name);
  const ratio = moreIsBetter(name) ? 'ours ×' : '÷ ours';
  return `${title}${unit === undefined ? '' : ` ${unit.symbol}`} (${ratio})`;
}

function figureCell(
  its: readonly RunResult[],
  name: string,
  ratios: readonly number[],
  peer: string,
): string {
  const values = its.flatMap((run) => run.figures[name] ?? []);
  if (values.length === 0) return '–';
  const value = formatFigure(name, median(values));
  return peer === 'ours' || ratios.length === 0 ? value : `${value} (${median(ratios).toFixed(2)})`;
}
