/** The shape of the results file. */
import type {Machine} from './machine';
import type {Measurement} from './measurement';

export interface RunResult extends Measurement {
  readonly round: number;
  readonly workload: string;
  readonly peer: string;
  /** CPU of the backends per looped operation; connecting is in it. Undefined where there is no /proc. */
  readonly serverMicroseconds: number | undefined;
  /** Cores kept busy by others during the run (runner, server helpers, other programs). */
  readonly othersCores: number | undefined;
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
