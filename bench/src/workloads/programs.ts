/**
 * One program per peer, made into the implementations of a workload: what the peers do differently is in the
 * program, what is measured and checked is written once. Each program is loaded only where it runs.
 */
import {peerNames} from '../peers';
import type {PeerName} from '../peers';
import type {SessionOptions} from '../peers/peer';
import type {Implementation, OpenedWorkload} from './workload';

/** What the file of a peer exports. */
export interface ProgramFile<Program> {
  readonly open: (options: SessionOptions) => Promise<Program>;
}

export type Programs<Program> = Readonly<
  Partial<Record<PeerName, () => Promise<ProgramFile<Program>>>>
>;

export function implementationsOf<Program>(
  programs: Programs<Program>,
  workloadOf: (program: Program, options: SessionOptions) => OpenedWorkload,
): Readonly<Partial<Record<PeerName, () => Promise<Implementation>>>> {
  const result: Partial<Record<PeerName, () => Promise<Implementation>>> = {};
  for (const name of peerNames) {
    const load = programs[name];
    if (load === undefined) continue;
    result[name] = async () => {
      const {open} = await load();
      return {open: async (options) => workloadOf(await open(options), options)};
    };
  }
  return result;
}
