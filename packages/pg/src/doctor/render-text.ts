/** The report for people. Pure: whether there are colours is said by whoever knows the terminal. */
import {isNotReached} from './report';
import type {Fact, Report, Step, StepName, StepStatus} from './report';

const LABELS: Readonly<Record<StepName, string>> = {
  configuration: 'configuration',
  files: 'files',
  dns: 'DNS',
  tcp: 'TCP',
  protocol: 'protocol',
  tls: 'TLS',
  authentication: 'authentication',
  session: 'session',
  role: 'role',
  roundTrip: 'round trip',
  pooler: 'pooler',
  connections: 'connections',
  replication: 'replication',
};

const MARKS: Readonly<Record<StepStatus, string>> = {ok: '✓', warn: '!', fail: '✗', skipped: '-'};

/** SGR codes: green, yellow, red, faint. */
const COLOURS: Readonly<Record<StepStatus, number>> = {ok: 32, warn: 33, fail: 31, skipped: 2};

const LABEL_WIDTH = 14;
const TIME_WIDTH = 9;
const INDENT = '      ';

export function renderText(report: Report, options: {readonly colours: boolean}): string {
  const paint = (code: number, text: string) =>
    options.colours ? `\u001B[${code}m${text}\u001B[0m` : text;
  const render = (steps: readonly Step[]) => {
    const missed = steps.filter(isNotReached).map(({name}) => LABELS[name]);
    const rest = missed.length === 0 ? [] : [paint(2, `  - not reached: ${missed.join(', ')}`)];
    const reached = steps.filter((step) => !isNotReached(step));
    return [...reached.flatMap((step) => renderStep(step, paint)), ...rest];
  };
  const lines = [
    ...(report.target === undefined ? [] : [report.target, '']),
    ...render(report.steps),
  ];
  for (const host of report.hosts) lines.push('', paint(1, host.server), ...render(host.steps));
  const status = report.ok ? 'ok' : 'fail';
  lines.push('', `${paint(COLOURS[status], MARKS[status])} ${printable(report.conclusion)}`);
  return `${lines.join('\n')}\n`;
}

type Paint = (code: number, text: string) => string;

function renderStep(step: Step, paint: Paint): string[] {
  const mark = paint(COLOURS[step.status], MARKS[step.status]);
  const time = formatTime(step.milliseconds).padStart(TIME_WIDTH);
  const head = `  ${mark} ${LABELS[step.name].padEnd(LABEL_WIDTH)} ${time}  ${printable(step.summary)}`;
  const facts = step.facts ?? [];
  const width = Math.max(0, ...facts.map(({name}) => name.length));
  return [
    step.status === 'skipped' ? paint(COLOURS.skipped, head) : head,
    ...facts.map((fact) => `${INDENT}${renderFact(fact, width, paint)}`),
    ...(step.advice ?? []).map((advice) => `${INDENT}${paint(1, '→')} ${printable(advice)}`),
  ];
}

function renderFact({name, value, source}: Fact, width: number, paint: Paint): string {
  const from = source === undefined ? '' : paint(2, `  (${source})`);
  return `${name.padEnd(width)}  ${printable(String(value))}${from}`;
}

function formatTime(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return '';
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}

/** What a server or a certificate says may not move the cursor or colour the terminal. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001F\u007F-\u009F]+/g, ' ');
}
