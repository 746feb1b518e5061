/**
 * `npm run bench`: measures the peers side by side, prints a Markdown table, writes every run as JSON.
 *
 * The workers run one after the other in processes of their own; this process only waits meanwhile.
 */
import {mkdirSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {parseArguments} from './arguments';
import type {Arguments} from './arguments';
import {checkTransfers, clearLedgers} from './data-set';
import {goals} from './goals';
import {installPeers} from './install-peers';
import {judgementTable} from './judge';
import {busySeconds, describeMachine, describePeer} from './machine';
import {runsOn} from './open-workload';
import {plan} from './plan';
import type {Run} from './plan';
import type {PeerName} from './peers';
import {report} from './report';
import type {Results, RunResult} from './result';
import {runWorker} from './run-worker';
import {endedBackendsSeconds} from './server-cpu';
import {Servers} from './servers';
import type {BenchServer} from './servers';
import {workloads} from './workloads';
import type {WorkloadName} from './workloads';

const benchFolder = resolve(__dirname, '..');
const microsecondsPerSecond = 1_000_000;

async function measure(
  {round, workload, peer}: Run<WorkloadName, PeerName>,
  {server, db, certificateAuthority}: BenchServer,
  {seconds, profileFolder}: Arguments,
): Promise<RunResult> {
  await clearLedgers(db);
  const startedAt = performance.now();
  const busyBefore = busySeconds();
  const backendsBefore = endedBackendsSeconds(server.processId);
  const measurement = await runWorker({
    peer,
    workload,
    seconds,
    url: server.connectionString,
    certificateAuthority,
    profileFolder,
  });
  const backendsAfter = endedBackendsSeconds(server.processId);
  const busy = busySeconds() - busyBefore;
  const elapsed = (performance.now() - startedAt) / 1000;
  if (workload === 'tx') await checkTransfers(db, measurement.loopedOperations);
  const backends =
    backendsBefore === undefined || backendsAfter === undefined
      ? undefined
      : backendsAfter - backendsBefore;
  return {
    round,
    workload,
    peer,
    ...measurement,
    serverMicroseconds:
      backends === undefined
        ? undefined
        : (backends * microsecondsPerSecond) / measurement.loopedOperations,
    othersCores:
      backends === undefined
        ? undefined
        : Math.max(0, busy - backends - measurement.lifetimeSeconds) / elapsed,
  };
}

async function measureAll(options: Arguments, servers: Servers): Promise<Results> {
  const machine = describeMachine();
  const all = plan(options.workloads, options.peers, options.rounds).filter(({workload, peer}) =>
    runsOn(workloads[workload], peer),
  );
  const runs: RunResult[] = [];
  let postgres = '';
  for (const [index, run] of all.entries()) {
    const bench = await servers.get(workloads[run.workload].server);
    postgres = bench.server.version;
    const result = await measure(run, bench, options);
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

function write(results: Results, folder: string): string {
  mkdirSync(folder, {recursive: true});
  const file = join(folder, `${results.machine.date.replaceAll(':', '-')}.json`);
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
  return file;
}

async function main(): Promise<void> {
  const options = parseArguments(process.argv.slice(2));
  installPeers(options.peers, benchFolder);
  const servers = new Servers();
  try {
    const results = await measureAll(options, servers);
    const file = write(results, options.resultsFolder ?? join(benchFolder, 'results'));
    console.log(report(results));
    const judgements = judgementTable(goals, results);
    if (judgements.length > 0) console.log(['', '**Goals**', '', ...judgements].join('\n'));
    console.error(`\nEvery run: ${file}\nWhat these numbers do not mean: bench/README.md`);
  } finally {
    await servers.stop();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
