/**
 * One workload through pgbench, in the place of `../worker.js`: prints the same Measurement.
 *
 * pgbench is libpq in a loop in C, on one thread, whose answers nobody reads: the least that a client written with the
 * protocol's own library takes. Its CPU time is read from what the kernel counts for children that have ended.
 */
import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import type {Measurement} from '../measurement';
import {parseChildrenTicks, ticksPerSecond} from '../server-cpu';
import {quantile} from '../statistics';
import {sortedLatencies} from './log';
import {readReport} from './report';
import {scripts} from './scripts';
import type {PgbenchScript} from './scripts';

const microsecondsPerSecond = 1_000_000;
const bytesPerKibibyte = 1024;
const residentEveryMilliseconds = 50;

async function measure(
  script: PgbenchScript,
  seconds: number,
  url: string,
  folder: string,
): Promise<Measurement> {
  const file = join(folder, 'script.sql');
  writeFileSync(file, script.text);
  const before = childrenTicks();
  const child = spawn(
    'pgbench',
    [
      '--no-vacuum',
      '--protocol=prepared',
      `--client=${script.clients}`,
      '--jobs=1',
      // Whole seconds only.
      `--time=${Math.max(1, Math.round(seconds))}`,
      `--file=${file}`,
      '--log',
      `--log-prefix=${join(folder, 'log')}`,
      ...(script.reconnects ? ['--connect'] : []),
      url,
    ],
    {stdio: ['ignore', 'pipe', 'inherit']},
  );
  const ended = once(child, 'exit');
  let maxResidentBytes = 0;
  const watch = setInterval(() => {
    maxResidentBytes = Math.max(maxResidentBytes, residentBytes(child.pid));
  }, residentEveryMilliseconds);
  const answer = await child.stdout.setEncoding('utf8').toArray();
  await ended;
  clearInterval(watch);
  const after = childrenTicks();
  const {transactions, perSecond} = readReport(answer.join(''));
  const operations = transactions * script.operations;
  const userAndSystem = after.user + after.system - before.user - before.system;
  const microseconds = (ticks: number) =>
    (ticks / ticksPerSecond) * (microsecondsPerSecond / operations);
  const latencies = sortedLatencies(
    readdirSync(folder)
      .filter((name) => name.startsWith('log'))
      .map((name) => readFileSync(join(folder, name), 'latin1'))
      .join(''),
  );
  return {
    operations,
    loopedOperations: operations,
    seconds: transactions / perSecond,
    operationsPerSecond: perSecond * script.operations,
    clientMicroseconds: microseconds(userAndSystem),
    clientSystemMicroseconds: microseconds(after.system - before.system),
    p50Milliseconds: quantile(latencies, 0.5),
    p99Milliseconds: quantile(latencies, 0.99),
    maxResidentBytes,
    lifetimeSeconds: userAndSystem / ticksPerSecond,
    figures: {},
  };
}

function childrenTicks(): {user: number; system: number} {
  return parseChildrenTicks(readFileSync('/proc/self/stat', 'latin1'));
}

function residentBytes(processId: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${processId}/status`, 'latin1');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * bytesPerKibibyte;
  } catch {
    // It has just ended.
    return 0;
  }
}

async function main(
  workload: string | undefined,
  duration: string | undefined,
  url: string | undefined,
): Promise<Measurement> {
  if (workload === undefined || url === undefined) {
    throw new Error(`pgbench cannot run ${workload} on ${url}`);
  }
  const script = scripts[workload];
  if (script === undefined) throw new Error(`there is no script of ${workload} for pgbench`);
  await promisify(execFile)('pgbench', ['--version']);
  const folder = mkdtempSync(join(tmpdir(), 'bench-pgbench-'));
  try {
    return await measure(script, Number(duration), url, folder);
  } finally {
    rmSync(folder, {recursive: true});
  }
}

const [, workload, duration, url] = process.argv.slice(2);
main(workload, duration, url).then(
  (measurement) => {
    console.log(JSON.stringify(measurement));
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
