/** What `db.nodes()` shows: plain values, of which none changes when the cluster does. */
import type {ClusterNodeState} from '../api/cluster-api';
import type {ClusterState} from './cluster-state';
import type {ClusterNode} from './node';

export function nodeStates(state: ClusterState): ClusterNodeState[] {
  return state.nodes.map((node) => ({
    name: node.name,
    role: roleOf(node, state),
    phase: node.health.phase,
    reason: node.health.phase === 'serving' ? undefined : node.reason,
    timeline: node.facts?.timeline,
    lagMilliseconds: node.lagMilliseconds,
    lagBytes: lagBytesOf(node, state),
    inFlight: node.inFlight,
    meanMilliseconds: node.meanMilliseconds,
    answerMilliseconds: node.answers ? node.answerMilliseconds : undefined,
  }));
}

function roleOf(node: ClusterNode, {primary}: ClusterState): ClusterNodeState['role'] {
  if (node === primary) return 'primary';
  return node.facts?.inRecovery === true ? 'replica' : 'unknown';
}

function lagBytesOf(node: ClusterNode, {primary}: ClusterState): number | undefined {
  if (node === primary) return 0;
  if (!node.answers || node.facts?.inRecovery !== true || primary?.facts === undefined) {
    return undefined;
  }
  // It may have been asked later than the primary was.
  return Math.max(0, Number(primary.facts.lsn - node.facts.lsn));
}
