/** The shape of the results file, and the check of one that is read again. Pure. */
import type {Machine} from './machine';
import {isMeasurement} from './measurement';
import type {Measurement} from './measurement';

export interface RunResult extends Measurement {
  readonly round: number;
  readonly workload: string;
  readonly peer: string;
  /** CPU of the backends per looped operation; connecting is in it. Missing where there is no /proc. */
  readonly serverMicroseconds?: number | undefined;
  /** Cores kept busy by others during the run (runner, server helpers, other programs). */
  readonly othersCores?: number | undefined;
}

export interface Results {
  readonly machine: Machine;
  readonly postgres: string;
  readonly rounds: number;
  readonly seconds: number;
  /** Name to title. */
  readonly workloads: Readonly<Record<string, string>>;
  /** Name to title and version. */
  readonly peers: Readonly<Record<string, string>>;
  readonly runs: readonly RunResult[];
}

/** @throws Error where the text is not the results of this version of the bench. */
export function parseResults(text: string): Results {
  const results: unknown = JSON.parse(text);
  if (!isResults(results))
    throw new Error('this file holds no results of this version of the bench');
  return results;
}

function isResults(value: unknown): value is Results {
  const fields = entriesOf(value);
  const runs = fields.get('runs');
  return (
    ['cpu', 'cores', 'date', 'node', 'system'].every((name) =>
      entriesOf(fields.get('machine')).has(name),
    ) &&
    ['postgres', 'rounds', 'seconds', 'workloads', 'peers'].every((name) => fields.has(name)) &&
    Array.isArray(runs) &&
    runs.every(isRunResult)
  );
}

function isRunResult(value: unknown): value is RunResult {
  const fields = entriesOf(value);
  return isMeasurement(value) && ['round', 'workload', 'peer'].every((name) => fields.has(name));
}

function entriesOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}
