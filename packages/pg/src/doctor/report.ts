/**
 * What the doctor found, as data: both renderers and programs that read `--json` see this and nothing else.
 *
 * Invariants: it holds no secret; every step of the table is there, those not come to as `skipped`.
 */

export type StepStatus = 'ok' | 'warn' | 'fail' | 'skipped';

/** In the order in which they are shown. */
export type StepName =
  | 'configuration'
  | 'files'
  | 'dns'
  | 'tcp'
  | 'protocol'
  | 'tls'
  | 'authentication'
  | 'session'
  | 'role'
  | 'roundTrip'
  | 'pooler'
  | 'connections'
  | 'replication';

export interface Fact {
  readonly name: string;
  readonly value: string | number | boolean;
  /** Where the value comes from, for a configured one. */
  readonly source?: string;
}

export interface Step {
  readonly name: StepName;
  readonly status: StepStatus;
  /** Undefined where nothing was waited for. */
  readonly milliseconds?: number;
  /** One line: what was found, or what is wrong. */
  readonly summary: string;
  readonly facts?: readonly Fact[];
  /** What to change, the likeliest first. */
  readonly advice?: readonly string[];
}

export interface HostReport {
  /** `host:port`, or the path of a socket. */
  readonly server: string;
  /** The pool as configured could use it. */
  readonly usable: boolean;
  readonly steps: readonly Step[];
}

export interface Report {
  /** The pool as configured would get a connection. */
  readonly ok: boolean;
  /** One line for those who read one line. */
  readonly conclusion: string;
  /** The first step that stands in the way; absent when `ok`. */
  readonly failedStep?: StepName;
  /** The connection string without a password; absent where none could be understood. */
  readonly target?: string;
  readonly steps: readonly Step[];
  readonly hosts: readonly HostReport[];
}

export function failedStepOf(steps: readonly Step[]): Step | undefined {
  return steps.find((step) => step.status === 'fail');
}

const NOT_REACHED = 'not reached';

export function notReached(name: StepName): Step {
  return {name, status: 'skipped', summary: NOT_REACHED};
}

export function isNotReached({status, summary}: Step): boolean {
  return status === 'skipped' && summary === NOT_REACHED;
}
