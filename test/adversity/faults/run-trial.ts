/** Runs a trial as a child process that cannot outlive its bound, whatever it does to itself. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import type {Server} from '@databases/pg-test';
import type {ClientName} from './catalog';
import type {Fault, Outcome} from './fault';

/** How long an idle program may take to end by itself. */
const EXIT_GOAL_MILLISECONDS = 2000;

export interface TrialEnd {
  readonly line: string | undefined;
  readonly code: number | null;
  /** It did not end within the bound and was killed. */
  readonly isKilled: boolean;
  readonly errors: string;
  /** From the line to the end of the process. */
  readonly exitMilliseconds: number;
}

export async function runTrial(server: Server, fault: Fault, client: ClientName): Promise<Outcome> {
  const database = await server.createDatabase();
  try {
    return judge(await runChild(database.connectionString, fault, client), fault);
  } finally {
    // Where the client left sessions, they end with the server.
    await database.drop().catch(() => undefined);
  }
}

/** Says what an end means. Pure. */
export function judge(end: TrialEnd, {boundSeconds}: Pick<Fault, 'boundSeconds'>): Outcome {
  if (end.line === '"exit"') {
    if (end.isKilled) return {kept: false, figure: `not within ${boundSeconds} s`};
    return {
      kept: end.exitMilliseconds <= EXIT_GOAL_MILLISECONDS,
      figure: `after ${(end.exitMilliseconds / 1000).toFixed(1)} s`,
    };
  }
  const outcome: unknown = end.line === undefined ? undefined : JSON.parse(end.line);
  if (isOutcome(outcome)) return outcome;
  if (end.isKilled)
    return {kept: false, figure: `**process hangs** (killed after ${boundSeconds} s)`};
  return {kept: false, figure: `**process dies**: ${reasonOf(end.errors)}`};
}

function isOutcome(value: unknown): value is Outcome {
  return typeof value === 'object' && value !== null && 'kept' in value && 'figure' in value;
}

/** The first line that looks like that of an error. */
function reasonOf(errors: string): string {
  const lines = errors.split('\n').map((line) => line.trim());
  return (lines.find((line) => /^(\w*Error|error)\b.*:/.test(line)) ?? 'without a word').slice(
    0,
    80,
  );
}

async function runChild(
  url: string,
  {name, boundSeconds}: Fault,
  client: ClientName,
): Promise<TrialEnd> {
  const child = spawn(process.execPath, [join(__dirname, 'trial.process.js'), name, client], {
    env: {...process.env, TRIAL_URL: url, NODE_OPTIONS: ''},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, errors] = ['', ''];
  let saidAt = 0;
  child.stdout.on('data', (bytes: Buffer) => {
    output += String(bytes);
    if (saidAt === 0) saidAt = performance.now();
  });
  child.stderr.on('data', (bytes: Buffer) => (errors += String(bytes)));
  let isKilled = false;
  const timer = setTimeout(() => {
    isKilled = true;
    child.kill('SIGKILL');
  }, boundSeconds * 1000);
  await once(child, 'close');
  clearTimeout(timer);
  const line = output.split('\n').find((each) => each.startsWith('{') || each === '"exit"');
  return {
    line,
    code: child.exitCode,
    isKilled,
    errors,
    exitMilliseconds: performance.now() - saidAt,
  };
}
