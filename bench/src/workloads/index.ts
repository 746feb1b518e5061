/** The workloads by name, one line each. The order is that of the report. */
import {connectScram, connectTls, connectTrust} from './connect';
import {importing} from './import';
import {insert} from './insert';
import {arraysIn, arraysOut} from './arrays';
import {churn} from './churn';
import {clusterPoint, clusterWrite} from './cluster';
import {idleMemory} from './idle-memory';
import {jsonbIn, jsonbOutLarge, jsonbOutSmall} from './jsonb';
import {
  byteaIn,
  byteaOut,
  textInAscii,
  textInUnicode,
  textOutAscii,
  textOutUnicode,
} from './large-values';
import {parameters} from './parameters';
import {point, sequential} from './point';
import {pointWatched} from './point-watched';
import {rows} from './rows';
import {slow2000, slow4000, slowParameter} from './slow';
import {stream} from './stream';
import {tx} from './tx';
import {txBatch} from './tx-batch';
import {wide} from './wide';
import type {Workload} from './workload';

export const workloads = {
  point,
  'point-watched': pointWatched,
  sequential,
  'cluster-point': clusterPoint,
  'cluster-write': clusterWrite,
  rows,
  tx,
  'tx-batch': txBatch,
  stream,
  insert,
  'slow-2000': slow2000,
  'slow-4000': slow4000,
  'slow-parameter': slowParameter,
  'connect-trust': connectTrust,
  'connect-scram': connectScram,
  'connect-tls': connectTls,
  import: importing,
  'bytea-out': byteaOut,
  'bytea-in': byteaIn,
  'text-out': textOutAscii,
  'text-out-unicode': textOutUnicode,
  'text-in': textInAscii,
  'text-in-unicode': textInUnicode,
  'idle-memory': idleMemory,
  churn,
  wide,
  parameters,
  'arrays-out': arraysOut,
  'arrays-in': arraysIn,
  'jsonb-out-small': jsonbOutSmall,
  'jsonb-out': jsonbOutLarge,
  'jsonb-in': jsonbIn,
} as const satisfies Readonly<Record<string, Workload>>;

export type WorkloadName = keyof typeof workloads;

export function isWorkloadName(name: string): name is WorkloadName {
  return Object.hasOwn(workloads, name);
}

export const workloadNames: readonly WorkloadName[] = Object.keys(workloads).filter(isWorkloadName);
