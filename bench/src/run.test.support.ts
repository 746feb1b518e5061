/** Results as the tests of the report need them: everything is there, and what matters is given. */
import type {Results, RunResult} from './result';

export function runOf(peer: string, given: Partial<RunResult> = {}): RunResult {
  return {
    round: 0,
    workload: 'point',
    peer,
    operations: 1000,
    loopedOperations: 1800,
    seconds: 1,
    operationsPerSecond: 1000,
    clientMicroseconds: 10,
    clientSystemMicroseconds: 4,
    p50Milliseconds: 1.234,
    p99Milliseconds: 5.678,
    maxResidentBytes: 64 * 1024 * 1024,
    lifetimeSeconds: 1,
    figures: {},
    serverMicroseconds: 25,
    othersCores: 0.25,
    ...given,
  };
}

export function resultsOf(runs: readonly RunResult[]): Results {
  const names = (of: 'workload' | 'peer') => [...new Set(runs.map((run) => run[of]))];
  return {
    machine: {
      date: '2026-01-02T03:04:05.000Z',
      cpu: 'Some CPU',
      cores: 2,
      memoryBytes: 1,
      system: 'Linux',
      node: 'v20',
      loadAverage: 0,
    },
    postgres: '18.4',
    rounds: 5,
    seconds: 1,
    workloads: Object.fromEntries(names('workload').map((name) => [name, `what ${name} does`])),
    peers: Object.fromEntries(
      names('peer').map((name) => [name, name === 'ours' ? '**ours**' : `${name} 1.0`]),
    ),
    runs,
  };
}
