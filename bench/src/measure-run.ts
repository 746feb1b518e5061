/** Measures one run: the worker's own figures, and what the machine and the server say of the same time. */
import type {Arguments} from './arguments';
import {checkTransfers, clearLedgers} from './data-set';
import {busySeconds} from './machine';
import type {PeerName} from './peers';
import type {Run} from './plan';
import type {RunResult} from './result';
import {runWorker} from './run-worker';
import {endedBackendsSeconds} from './server-cpu';
import type {BenchServer} from './servers';
import type {WorkloadName} from './workloads';

const microsecondsPerSecond = 1_000_000;

export async function measureRun(
  {round, workload, peer}: Run<WorkloadName, PeerName>,
  {server, db, certificateAuthority}: BenchServer,
  {seconds, profileFolder}: Arguments,
  workersFolder: string,
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
    workersFolder,
  });
  const backendsAfter = endedBackendsSeconds(server.processId);
  const busy = busySeconds() - busyBefore;
  const elapsed = (performance.now() - startedAt) / 1000;
  if (workload === 'tx' || workload === 'tx-batch')
    await checkTransfers(db, measurement.loopedOperations);
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
