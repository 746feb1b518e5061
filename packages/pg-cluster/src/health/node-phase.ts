/**
 * Whether a node gets requests, as one phase with one table of transitions.
 *
 * - `unproven`: nothing is known of it yet; no requests.
 * - `serving`: gets requests.
 * - `suspect`: has missed probes; gets requests still, because a probe may be lost.
 * - `lagging`: answers, but is too far behind; no reads.
 * - `ejected`: does not answer, or broke; no requests. Only its monitor talks to it.
 */
export type NodePhase = 'unproven' | 'serving' | 'suspect' | 'lagging' | 'ejected';

export type NodeEvent =
  /** A probe was answered, and the node is as far as it has to be. */
  | 'caughtUp'
  /** A probe was answered, and the node is too far behind, or how far is not known. */
  | 'behind'
  /** A probe was not answered in time. */
  | 'missed'
  /** As many in a row as are too many. */
  | 'missedTooMany'
  /** Its sockets broke, or it refused connections: no doubt about it. */
  | 'broke';

const TRANSITIONS: Readonly<Record<NodePhase, Readonly<Record<NodeEvent, NodePhase>>>> = {
  unproven: {
    caughtUp: 'serving',
    behind: 'lagging',
    missed: 'unproven',
    missedTooMany: 'ejected',
    broke: 'ejected',
  },
  serving: {
    caughtUp: 'serving',
    behind: 'lagging',
    missed: 'suspect',
    missedTooMany: 'ejected',
    broke: 'ejected',
  },
  suspect: {
    caughtUp: 'serving',
    behind: 'lagging',
    missed: 'suspect',
    missedTooMany: 'ejected',
    broke: 'ejected',
  },
  lagging: {
    caughtUp: 'serving',
    behind: 'lagging',
    missed: 'lagging',
    missedTooMany: 'ejected',
    broke: 'ejected',
  },
  ejected: {
    caughtUp: 'serving',
    behind: 'lagging',
    missed: 'ejected',
    missedTooMany: 'ejected',
    broke: 'ejected',
  },
};

/** A lost probe is no proof; so many in a row are. */
export const TOO_MANY_MISSED = 3;

export class NodeHealth {
  phase: NodePhase = 'unproven';
  /** When it last began to serve, by the clock of the caller. */
  servingSince = 0;
  #missed = 0;

  /** Gives the phase before. */
  hear(event: Exclude<NodeEvent, 'missedTooMany'>, now: number): NodePhase {
    const before = this.phase;
    this.#missed = event === 'missed' ? this.#missed + 1 : 0;
    const heard = this.#missed >= TOO_MANY_MISSED ? 'missedTooMany' : event;
    this.phase = TRANSITIONS[before][heard];
    if (this.phase === 'serving' && before !== 'serving' && before !== 'suspect') {
      this.servingSince = now;
    }
    return before;
  }

  /** Whether requests may be sent to it. */
  get serves(): boolean {
    return this.phase === 'serving' || this.phase === 'suspect';
  }
}
