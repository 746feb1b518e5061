/** The workloads by name, one line each. The order is that of the report. */
import {point, sequential} from './point';
import {rows} from './rows';
import {tx} from './tx';
import type {Workload} from './workload';

export const workloads = {
  point,
  sequential,
  rows,
  tx,
} as const satisfies Readonly<Record<string, Workload>>;

export type WorkloadName = keyof typeof workloads;

export function isWorkloadName(name: string): name is WorkloadName {
  return Object.hasOwn(workloads, name);
}

export const workloadNames: readonly WorkloadName[] = Object.keys(workloads).filter(isWorkloadName);
