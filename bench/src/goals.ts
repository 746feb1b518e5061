/** What ours is meant to reach, workload by workload. Data only; `judge.ts` holds it against results. */
import type {Measure} from './measure';

/** Whom ours has to be better than: each of the named ones, so the best of them. */
export type Rivals = 'Node peers' | 'peers' | readonly string[];

export type Target =
  /** At least so many times better than every rival. */
  | {readonly times: number; readonly than: Rivals}
  /** At most so many times better than any of them, which are ours with something around it. */
  | {readonly atMostTimes: number; readonly than: readonly string[]}
  /** At most this, whatever the others do; in the unit of the figure's name. */
  | {readonly atMost: number};

export interface Goal {
  readonly workload: string;
  readonly measure: Measure;
  readonly target: Target;
}

const pg = ['pg-pipelined', 'pg-named', 'pg-unnamed'];
const bytesPerMegabyte = 1_000_000;

function speed(workload: string, times: number, than: Rivals): Goal {
  return {workload, measure: 'operationsPerSecond', target: {times, than}};
}

/** `share`: how much of their CPU per operation ours may need. */
function cpu(workload: string, share: number, than: Rivals): Goal {
  return {workload, measure: 'clientMicroseconds', target: {times: 1 / share, than}};
}

function atMost(workload: string, measure: Measure, most: number): Goal {
  return {workload, measure, target: {atMost: most}};
}

/** `share`: how much of theirs the figure of ours may be. */
function figure(workload: string, measure: Measure, share: number, than: Rivals): Goal {
  return {workload, measure, target: {times: 1 / share, than}};
}

const neverBehind = [
  'churn',
  'wide',
  'parameters',
  'arrays-out',
  'arrays-in',
  'jsonb-out-small',
  'jsonb-out',
  'jsonb-in',
];

export const goals: readonly Goal[] = [
  speed('point', 2.5, ['postgres']),
  speed('point', 1.8, ['pg-pipelined']),
  speed('point', 1, ['bun']),
  cpu('point', 1 / 5, ['postgres']),
  speed('sequential', 1.4, 'Node peers'),
  speed('sequential', 1, ['bun']),
  cpu('sequential', 0.45, 'Node peers'),
  ...['cluster-point', 'cluster-write'].flatMap((workload): Goal[] => [
    {
      workload,
      measure: 'operationsPerSecond',
      target: {atMostTimes: 1 / 0.95, than: ['ours-cluster']},
    },
    {
      workload,
      measure: 'clientMicroseconds',
      target: {atMostTimes: 1.05, than: ['ours-cluster']},
    },
  ]),
  speed('rows', 3, [...pg, 'postgres']),
  speed('rows', 1, ['bun', 'postgrejs']),
  cpu('rows', 1 / 5, pg),
  speed('tx', 1.4, 'Node peers'),
  speed('tx-batch', 1.4, 'Node peers'),
  speed('stream', 2.5, 'Node peers'),
  atMost('stream', 'growthBytes', 32 * bytesPerMegabyte),
  speed('insert', 2, 'Node peers'),
  // psql is no client of Node's: what its \copy needs is the floor.
  speed('insert', 1 / 1.3, ['psql']),
  ...['slow-2000', 'slow-4000'].flatMap((workload) => [
    atMost(workload, 'fastP99Milliseconds', 10),
    // At a given rate all are about even, and the last few answers decide: the rest is for chance.
    speed(workload, 0.97, 'peers'),
  ]),
  speed('connect-scram', 1.3, 'Node peers'),
  speed('connect-tls', 1.3, 'Node peers'),
  ...['connect-trust', 'connect-scram', 'connect-tls'].map((workload) =>
    cpu(workload, 1 / 2, 'Node peers'),
  ),
  figure('import', 'importMilliseconds', 0.8, 'Node peers'),
  speed('bytea-out', 3, 'Node peers'),
  speed('bytea-in', 2, 'Node peers'),
  ...['text-out', 'text-out-unicode', 'text-in', 'text-in-unicode'].map((workload) =>
    speed(workload, 1.3, 'Node peers'),
  ),
  figure('idle-memory', 'rssBytesPerConnection', 1 / 2, 'Node peers'),
  ...neverBehind.map((workload) => speed(workload, 1, 'Node peers')),
];
