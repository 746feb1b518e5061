/** The workloads by name, one line each. The order is that of the report. */
import {connectScram, connectTls, connectTrust} from './connect';
import {importing} from './import';
import {insert} from './insert';
import {point, sequential} from './point';
import {rows} from './rows';
import {slow2000, slow4000, slowParameter} from './slow';
import {stream} from './stream';
import {tx} from './tx';
import type {Workload} from './workload';

export const workloads = {
  point,
  sequential,
  rows,
  tx,
  stream,
  insert,
  'slow-2000': slow2000,
  'slow-4000': slow4000,
  'slow-parameter': slowParameter,
  'connect-trust': connectTrust,
  'connect-scram': connectScram,
  'connect-tls': connectTls,
  import: importing,
} as const satisfies Readonly<Record<string, Workload>>;

export type WorkloadName = keyof typeof workloads;

export function isWorkloadName(name: string): name is WorkloadName {
  return Object.hasOwn(workloads, name);
}

export const workloadNames: readonly WorkloadName[] = Object.keys(workloads).filter(isWorkloadName);
