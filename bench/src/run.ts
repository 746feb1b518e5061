/**
 * `npm run bench`: measures the peers side by side, prints Markdown tables, writes every run as JSON, and puts
 * a run into the guide where it is asked to.
 *
 * The workers run one after the other in processes of their own; this process only waits meanwhile.
 */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {parseArguments} from './arguments';
import type {Arguments} from './arguments';
import {goals} from './goals';
import {goalsSection, guidePlot, guideSection, updatePage} from './guide';
import {installPeers} from './install-peers';
import {judgementTable} from './judge';
import {describeMachine, describePeer} from './machine';
import {measureRun} from './measure-run';
import {isInstalled} from './installed';
import {runsOn} from './open-workload';
import {packOurs} from './packed';
import {plan} from './plan';
import {programOf} from './peers';
import type {PeerName} from './peers';
import {report} from './report';
import {joinResults} from './join-results';
import {parseResults} from './result';
import type {Results, RunResult} from './result';
import {Servers} from './servers';
import {workloads} from './workloads';

const benchFolder = resolve(__dirname, '..');
const docsFolder = resolve(benchFolder, '../docs');

async function measureAll(
  options: Arguments,
  servers: Servers,
  workersFolder: string,
): Promise<Results> {
  const machine = describeMachine();
  const {rounds, firstRound} = options;
  const all = plan(options.workloads, present(options.peers), rounds, firstRound).filter(
    ({workload, peer}) => runsOn(workload, workloads[workload], peer),
  );
  const runs: RunResult[] = [];
  let postgres = '';
  for (const [index, run] of all.entries()) {
    const bench = await servers.get(workloads[run.workload].server);
    postgres = bench.server.version;
    const result = await measureRun(run, bench, options, workersFolder);
    runs.push(result);
    console.error(
      `${index + 1}/${all.length} ${run.workload} ${run.peer}: ` +
        `${Math.round(result.operationsPerSecond)} ops/s, ` +
        `${result.clientMicroseconds.toFixed(1)} µs CPU`,
    );
  }
  return {
    machine,
    postgres,
    rounds: options.rounds,
    seconds: options.seconds,
    workloads: Object.fromEntries(options.workloads.map((name) => [name, workloads[name].title])),
    peers: Object.fromEntries(options.peers.map((name) => [name, describePeer(name, benchFolder)])),
    runs,
  };
}

function present(named: readonly PeerName[]): PeerName[] {
  return named.filter((name) => {
    const program = programOf(name);
    if (program === undefined || isInstalled(program, process.env['PATH'])) return true;
    console.error(`${program} is not on this machine: its rows are left out.`);
    return false;
  });
}

function write(results: Results, folder: string): string {
  mkdirSync(folder, {recursive: true});
  const file = join(folder, `${results.machine.date.replaceAll(':', '-')}.json`);
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
  return file;
}

async function measureAndWrite(options: Arguments): Promise<Results> {
  installPeers(options.peers, benchFolder);
  const workersFolder = packOurs(benchFolder);
  const servers = new Servers();
  try {
    const results = await measureAll(options, servers, workersFolder);
    const file = write(results, options.resultsFolder ?? join(benchFolder, 'results'));
    console.error(`\nEvery run: ${file}\nWhat these numbers do not mean: bench/README.md`);
    return results;
  } finally {
    await servers.stop();
  }
}

function writeGuide(results: Results): void {
  writePage(join(docsFolder, 'guide/performance.md'), guideSection(results));
  writeFileSync(join(docsFolder, 'guide/performance.svg'), guidePlot(results));
  writePage(join(docsFolder, 'design/performance/goals.md'), goalsSection(results));
}

function writePage(page: string, section: string): void {
  writeFileSync(page, updatePage(readFileSync(page, 'utf8'), section));
}

async function main(): Promise<void> {
  const options = parseArguments(process.argv.slice(2));
  const results =
    options.from.length === 0
      ? await measureAndWrite(options)
      : joinResults(options.from.map((file) => parseResults(readFileSync(file, 'utf8'))));
  console.log(report(results));
  const judgements = judgementTable(goals, results);
  if (judgements.length > 0) console.log(['', '**Goals**', '', ...judgements].join('\n'));
  if (options.writeGuide) writeGuide(results);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
