/** Results as Markdown: medians, and ratios to ours made within each round. Pure. */
import type {Results, RunResult} from './result';
import {median, ratios, spread} from './statistics';
import type {Spread} from './statistics';

const bytesPerMebibyte = 1024 * 1024;

const columns = [
  'peer',
  'ops/s',
  'ours ×',
  'client CPU µs/op (kernel)',
  'its CPU ÷ ours',
  'backend CPU µs/op',
  'p50 ms',
  'p99 ms',
  'max RSS MiB',
];

export function report(results: Results): string {
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
  for (const [workload, title] of Object.entries(results.workloads)) {
    lines.push('', `**${workload}**: ${title}`, '', ...table(results, workload));
  }
  return lines.join('\n');
}

function table(results: Results, workload: string): string[] {
  const runs = results.runs.filter((run) => run.workload === workload);
  const ours = runs.filter((run) => run.peer === 'ours');
  const lines = [row(columns), row(columns.map((_, index) => (index === 0 ? '---' : '---:')))];
  for (const [peer, title] of Object.entries(results.peers)) {
    const its = runs.filter((run) => run.peer === peer);
    if (its.length === 0) continue;
    const middle = (figure: (run: RunResult) => number) => median(its.map(figure));
    const backend = its.flatMap((run) => run.serverMicroseconds ?? []);
    lines.push(
      row([
        title,
        threeDigits(middle((run) => run.operationsPerSecond)),
        ratio(peer, byRound(ours, speed), byRound(its, speed)),
        `${threeDigits(middle(clientCost))} (${percent(middle(kernelShare))})`,
        ratio(peer, byRound(its, clientCost), byRound(ours, clientCost)),
        backend.length === 0 ? '' : threeDigits(median(backend)),
        middle((run) => run.p50Milliseconds).toFixed(2),
        middle((run) => run.p99Milliseconds).toFixed(2),
        threeDigits(middle((run) => run.maxResidentBytes / bytesPerMebibyte)),
      ]),
    );
  }
  return lines;
}

const speed = (run: RunResult) => run.operationsPerSecond;
const clientCost = (run: RunResult) => run.clientMicroseconds;
const kernelShare = (run: RunResult) => run.clientSystemMicroseconds / run.clientMicroseconds;

function byRound(
  runs: readonly RunResult[],
  value: (run: RunResult) => number,
): ReadonlyMap<number, number> {
  return new Map(runs.map((run) => [run.round, value(run)]));
}

/** Empty for ours itself, and where ours was not measured. */
function ratio(
  peer: string,
  dividends: ReadonlyMap<number, number>,
  divisors: ReadonlyMap<number, number>,
): string {
  const all = ratios(dividends, divisors);
  return peer === 'ours' || all.length === 0 ? '' : formatSpread(spread(all));
}

function formatSpread({median: middle, least, most}: Spread): string {
  return `${middle.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;
}

/** Three digits: more would claim what a shared machine cannot know. */
function threeDigits(value: number): string {
  return value >= 100
    ? Math.round(Number(value.toPrecision(3))).toLocaleString('en-US')
    : value.toPrecision(3);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
