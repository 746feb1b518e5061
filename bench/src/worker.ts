/**
 * One peer, one workload, one process: warms up, measures, prints a Measurement as JSON and ends.
 *
 *     node worker.js <peer> <workload> <seconds> <connection string>
 *
 * Can be run by hand, for instance with `node --cpu-prof`.
 */
import {performance} from 'node:perf_hooks';
import {watchGarbageCollection} from './garbage-collection';
import type {Measurement} from './measurement';
import {openWorkload} from './open-workload';
import {isPeerName} from './peers';
import {quantile} from './statistics';
import {LatencyRecorder} from './stopwatch';
import {warmUp} from './warm-up';
import {authorityVariable} from './worker-environment';
import {isWorkloadName, workloads} from './workloads';
import type {Loop, Workload} from './workloads/workload';

const warmUpShare = 0.8;
const microsecondsPerSecond = 1_000_000;

async function run(loops: readonly Loop[], seconds: number): Promise<LatencyRecorder> {
  const recorder = new LatencyRecorder(seconds * 1000, () => performance.now());
  await Promise.all(loops.map((loop) => loop(recorder)));
  return recorder;
}

function cpuSeconds(): number {
  const {user, system} = process.cpuUsage();
  return (user + system) / microsecondsPerSecond;
}

async function main(
  peer: string | undefined,
  workload: string | undefined,
  duration: string | undefined,
  url: string | undefined,
): Promise<Measurement> {
  if (peer === undefined || !isPeerName(peer)) throw new Error(`unknown peer ${peer}`);
  if (workload === undefined || !isWorkloadName(workload)) {
    throw new Error(`unknown workload ${workload}`);
  }
  if (url === undefined) throw new Error('the connection string is missing');
  const setting: Workload = workloads[workload];
  const certificateAuthority = process.env[authorityVariable];
  const opened = await openWorkload(setting, peer, {
    url,
    poolSize: setting.poolSize,
    ...(certificateAuthority !== undefined && {certificateAuthority}),
  });
  await opened.check();
  const loops = Array.from({length: setting.inFlight}, (_, slot) => opened.loop(slot));
  const warmUpOperations = await warmUp({
    work: async (seconds) => (await run(loops, seconds)).count,
    seconds: Number(duration) * warmUpShare,
    cpuSeconds,
    ...(setting.leastWarmUpOperations !== undefined && {
      leastOperations: setting.leastWarmUpOperations,
    }),
  });

  const garbageCollection = watchGarbageCollection();
  const cpuBefore = process.cpuUsage();
  const recorder = await run(loops, Number(duration));
  const seconds = (performance.now() - recorder.startedAt) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  const garbageCollectionShare = await garbageCollection?.shareSince(recorder.startedAt);
  // Before sorting, which takes memory of its own.
  const maxResidentBytes = process.resourceUsage().maxRSS * 1024;

  const latencies = recorder.sortedLatencies();
  const operations = recorder.count;
  const figures = (await opened.figures?.()) ?? {};
  await opened.close();
  return {
    operations,
    loopedOperations: operations + warmUpOperations,
    seconds,
    operationsPerSecond: operations / seconds,
    clientMicroseconds: (cpu.user + cpu.system) / operations,
    clientSystemMicroseconds: cpu.system / operations,
    p50Milliseconds: quantile(latencies, 0.5),
    p99Milliseconds: quantile(latencies, 0.99),
    maxResidentBytes,
    lifetimeSeconds: cpuSeconds(),
    ...(garbageCollectionShare !== undefined && {garbageCollectionShare}),
    figures,
  };
}

const [peer, workload, duration, url] = process.argv.slice(2);
main(peer, workload, duration, url).then(
  (measurement) => {
    console.log(JSON.stringify(measurement));
  },
  (error: unknown) => {
    console.error(error);
    // Connections that are still open would keep the process alive.
    process.exit(1);
  },
);
