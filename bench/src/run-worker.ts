/** Runs one worker process to its end and reads what it measured. */
import {execFile} from 'node:child_process';
import {join, resolve} from 'node:path';
import {promisify} from 'node:util';
import {isMeasurement} from './measurement';
import type {Measurement} from './measurement';
import {runtimeOf, scriptsOf} from './peers';
import type {PeerName} from './peers';
import {executableOf} from './runtime';
import {workerEnvironment} from './worker-environment';
import type {WorkloadName} from './workloads';

const benchFolder = resolve(__dirname, '..');
const execute = promisify(execFile);

export interface WorkerOptions {
  readonly peer: PeerName;
  readonly workload: WorkloadName;
  readonly seconds: number;
  readonly url: string;
  readonly certificateAuthority: string | undefined;
  /** Where the worker writes a V8 profile of itself, which slows it down. Undefined: nowhere. Not under Bun. */
  readonly profileFolder: string | undefined;
  /** Where the built bench is whose worker.js runs: from there it finds what it measures. */
  readonly workersFolder: string;
}

/** Rejects with what the worker said where an answer was wrong or the worker did not end in time. */
export async function runWorker(options: WorkerOptions): Promise<Measurement> {
  const {peer, workload, seconds, url, certificateAuthority, profileFolder, workersFolder} =
    options;
  const runtime = runtimeOf(peer);
  const profiling =
    profileFolder === undefined || runtime !== 'node'
      ? []
      : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
  const line = [
    ...profiling,
    join(workersFolder, scriptsOf(peer) === undefined ? 'worker.js' : 'pgbench/worker.js'),
    peer,
    workload,
    String(seconds),
    url,
  ];
  // Some 30 s more than it takes at most: a peer that hangs must not hang the bench.
  const timeout = (seconds * 5 + 30) * 1000;
  const env = workerEnvironment(process.env, certificateAuthority);
  const {stdout} = await execute(executableOf(runtime, benchFolder), line, {timeout, env});
  const answer: unknown = JSON.parse(stdout);
  if (!isMeasurement(answer)) throw new Error(`${peer} on ${workload} reported ${stdout}`);
  return answer;
}
