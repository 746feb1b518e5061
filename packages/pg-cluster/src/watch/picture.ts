/** What `pg-cluster watch` shows at one moment. Types and words only; render-picture.ts draws it. */
import type {ClusterEvents, ClusterNodeState} from '../api/cluster-api';

/** A node, with what its server says of its clients. The watching process has no requests of its own. */
export interface WatchedNode extends ClusterNodeState {
  /** Connections of others. Undefined: the server was not asked yet, or did not answer. */
  readonly clients: number | undefined;
  /** Those that run a statement. Undefined also where the role may not see it. */
  readonly activeClients: number | undefined;
}

/** A line of the primary's pg_stat_replication; null is what the role may not see. */
export interface Standby {
  readonly name: string;
  readonly address: string | null;
  readonly state: string | null;
  readonly sync: string | null;
  readonly behindBytes: number | null;
  readonly behindMilliseconds: number | null;
}

export interface Happened {
  readonly at: Date;
  readonly text: string;
}

export interface Picture {
  readonly at: Date;
  readonly nodes: readonly WatchedNode[];
  readonly standbys: readonly Standby[];
  /** Oldest first. */
  readonly events: readonly Happened[];
}

const WORDS: {readonly [Name in keyof ClusterEvents]: (details: ClusterEvents[Name]) => string} = {
  role: ({node, role}) => `${node} is a ${role}`,
  eject: ({node, reason}) => `${node} is out: ${reason}`,
  admit: ({node}) => `${node} serves again`,
  failover: ({from, to, timeline}) => `${to} replaced ${from ?? 'none'}, timeline ${timeline}`,
  splitBrain: ({nodes, timeline}) =>
    `split brain: ${nodes.join(' and ')} take writes, timeline ${timeline}`,
  spill: ({limit}) => `reads wait: the primary serves ${limit} in place of its replicas`,
  tokenLost: () => 'a token is of a timeline that has ended',
};

export function describeEvent<Name extends keyof ClusterEvents>(
  name: Name,
  details: ClusterEvents[Name],
): string {
  return WORDS[name](details);
}
