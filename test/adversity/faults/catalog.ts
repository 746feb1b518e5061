/** All faults, in the order of their promises, and all clients. */
import type {Fault, FaultClient} from './fault';
import {HOSTILE_FAULTS} from './hostile-faults';
import {NETWORK_FAULTS} from './network-faults';
import {ours} from './ours';
import {pg, postgres} from './peers';
import {PROGRAM_FAULTS} from './program-faults';

export const FAULTS: readonly Fault[] = [
  ...NETWORK_FAULTS,
  ...HOSTILE_FAULTS,
  ...PROGRAM_FAULTS,
].sort((a, b) => a.promise - b.promise);

export const CLIENTS = {ours, pg, postgres} as const satisfies Record<string, FaultClient>;
export type ClientName = keyof typeof CLIENTS;
export const CLIENT_NAMES: readonly ClientName[] = ['ours', 'pg', 'postgres'];

export function isClientName(text: string | undefined): text is ClientName {
  return text !== undefined && Object.hasOwn(CLIENTS, text);
}
