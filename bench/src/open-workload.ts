/** Brings a workload and a peer together: the workload's own program for the peer, or the peer's session. */
import {loadOf, scriptsOf} from './peers';
import type {PeerName} from './peers';
import type {SessionOptions} from './peers/peer';
import type {OpenedWorkload, Workload} from './workloads/workload';

export function runsOn(name: string, workload: Workload, peer: PeerName): boolean {
  const scripts = scriptsOf(peer);
  if (scripts !== undefined) return scripts[name] !== undefined;
  return 'implementations' in workload
    ? workload.implementations[peer] !== undefined
    : loadOf(peer) !== undefined;
}

/** @throws Error where the workload has no program for the peer; `runsOn` tells before. */
export async function openWorkload(
  workload: Workload,
  peer: PeerName,
  options: SessionOptions,
): Promise<OpenedWorkload> {
  if (!('implementations' in workload)) {
    const loadSession = loadOf(peer);
    if (loadSession === undefined) throw new Error(`${peer} has no session`);
    const {open} = await loadSession();
    const session = await open(options);
    return {
      check: () => workload.check(session),
      loop: (slot) => workload.loop(session, slot),
      close: () => session.close(),
    };
  }
  const load = workload.implementations[peer];
  if (load === undefined) throw new Error(`this workload has no program for ${peer}`);
  const {open} = await load();
  return open(options);
}
