/**
 * `npm run soak -- 10m`: soaks, shows how it goes, and leaves a plot and the figures in soak-results/.
 * Ends with 1 when anything was not as it must be.
 */
import {randomInt} from 'node:crypto';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {USAGE, readSoakArguments} from './arguments';
import type {SoakArguments} from './arguments';
import {growthOf} from './memory';
import {plotSoak} from './plot';
import {sum} from './record';
import type {SoakRecord} from './record';
import {soak} from './soak';

const ROUND_MILLISECONDS = 10_000;
const MEBIBYTE = 1024 * 1024;
const folder = resolve(__dirname, '../../../../soak-results');
const perLine = process.stderr.isTTY ? '\r' : '\n';

function readArguments(): SoakArguments {
  const argv = process.argv.slice(2);
  if (argv.includes('--help')) {
    console.log(USAGE);
    process.exit(0);
  }
  try {
    return readSoakArguments(argv, randomInt(2 ** 31));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

let toldViolations = 0;

function progress(record: SoakRecord): void {
  for (const line of record.violations.slice(toldViolations)) console.error(`VIOLATION ${line}`);
  toldViolations = record.violations.length;
  const second = Math.floor(record.atMilliseconds / 1000);
  const isTold = process.stderr.isTTY ? true : second % 10 === 0;
  const [last] = record.samples.slice(-1);
  if (!isTold || last === undefined) return;
  const clock = `${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}`;
  process.stderr.write(
    `${clock}  ${sum(record.operations)} operations, ${sum(record.errors)} errors, ${sum(record.faults)} faults, ` +
      `${record.violationCount} violations, RSS ${Math.round(last.rssBytes / MEBIBYTE)} MiB   ${perLine}`,
  );
}

function listed(counts: ReadonlyMap<string, number>): string {
  const entries = [...counts].sort(([, a], [, b]) => b - a);
  return entries.map(([name, count]) => `${name} ${count}`).join(', ') || 'none';
}

async function main(): Promise<void> {
  const options = readArguments();
  console.log(
    `Seed ${options.seed}, Postgres ${options.version}. --seed ${options.seed} makes the same choices.`,
  );
  const record = await soak({
    ...options,
    roundMilliseconds: ROUND_MILLISECONDS,
    onProgress: progress,
  });
  const growth = growthOf(record.checkpoints);
  if (growth !== undefined && !growth.isFlat) {
    record.violation(`the heap grew from ${growth.fromBytes} to ${growth.toBytes} bytes`);
  }
  const heap =
    growth === undefined
      ? 'too short to tell'
      : `${(growth.fromBytes / MEBIBYTE).toFixed(1)} to ${(growth.toBytes / MEBIBYTE).toFixed(1)} MiB after the warm-up`;
  const notes = [
    `${sum(record.operations)} operations, ${sum(record.faults)} faults, ${record.violationCount} violations; heap: ${heap}`,
    `errors: ${listed(record.errors)}`,
  ];
  console.log(
    [
      '',
      ...notes,
      `operations: ${listed(record.operations)}`,
      `faults: ${listed(record.faults)}`,
    ].join('\n'),
  );
  for (const line of record.violations) console.log(`VIOLATION ${line}`);
  mkdirSync(folder, {recursive: true});
  const name = join(
    folder,
    `${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}-${options.seed}`,
  );
  const title = `Soak of ${Math.round(options.milliseconds / 1000)} s on Postgres ${options.version}, seed ${options.seed}`;
  writeFileSync(
    `${name}.svg`,
    plotSoak({title, notes, samples: record.samples, checkpoints: record.checkpoints}),
  );
  writeFileSync(
    `${name}.json`,
    JSON.stringify(
      record,
      (_, value: unknown) => (value instanceof Map ? Object.fromEntries(value) : value),
      2,
    ),
  );
  console.log(`\n${name}.svg`);
  if (record.violationCount > 0) process.exitCode = 1;
}

void main();
