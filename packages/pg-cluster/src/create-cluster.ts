/** Puts a cluster together from the pools of its nodes. */
import type {ConnectionPool} from '@databases/pg';
import type {Cluster} from './cluster-api';
import {ClusterClient} from './cluster-client';
import {EventHub} from './cluster-events';
import type {ResolvedOptions} from './cluster-options';
import {Monitor} from './health/monitor';
import {ClusterNode} from './node';
import {PrimaryWork} from './primary-work';
import {Reads} from './reads';
import {isNodeTrouble} from './rerun';
import {StatementRouter} from './routing/statement-router';
import {Sessions} from './sessions';
import {Spill} from './spill';
import {ClusterState} from './topology/cluster-state';

export interface NamedPool {
  readonly name: string;
  readonly pool: ConnectionPool;
}

const now = () => performance.now();

export function assembleCluster(pools: readonly NamedPool[], options: ResolvedOptions): Cluster {
  const events = new EventHub();
  const nodes = pools.map(({name, pool}) => new ClusterNode(name, pool));
  const state = new ClusterState(nodes, {...options, now}, events);
  const sessions = new Sessions(state, options.consistency, events);
  const primary = new PrimaryWork(state, {...options, now});
  const spill = new Spill(options, (limit) => events.emit('spill', {limit}));
  const reads = new Reads({state, sessions, primary, spill, options, now, random: Math.random});
  const router = new StatementRouter({
    ...options,
    now,
    ask: (query) => {
      const node = state.primary ?? reads.choose();
      if (node !== undefined) return node.pool.query(query);
      return primary.run((found) => found.pool.query(query), isNodeTrouble, true);
    },
  });
  // With the monitor's answers, because asking the clock with each query costs more than all else that routing does.
  const refreshRouter = () => {
    if (router.stale) void router.refresh();
  };
  for (const node of nodes) node.monitor = monitorOf(node, state, options, refreshRouter);
  return new ClusterClient({state, events, router, sessions, primary, reads, spill});
}

/** Nodes with monitors and nothing that sends them work: for those who only look. */
export function observeNodes(
  pools: readonly NamedPool[],
  options: Pick<ResolvedOptions, 'maxLagMilliseconds' | 'probeMilliseconds'>,
  events: EventHub,
): ClusterState {
  const nodes = pools.map(({name, pool}) => new ClusterNode(name, pool));
  const state = new ClusterState(nodes, {...options, now}, events);
  for (const node of nodes) node.monitor = monitorOf(node, state, options, () => {});
  return state;
}

function monitorOf(
  node: ClusterNode,
  state: ClusterState,
  {probeMilliseconds}: Pick<ResolvedOptions, 'probeMilliseconds'>,
  onAnswer: () => void,
): Monitor {
  const pool = node.pool.another({
    poolSize: 1,
    idleTimeoutMilliseconds: 0,
    queryTimeoutMilliseconds: 0,
    onError() {},
    // The monitor's connection ends when all others do: nothing that was shown before holds.
    onConnectionClosed() {
      node.forget();
      void monitor.probeNow();
    },
  });
  const monitor: Monitor = new Monitor(pool, probeMilliseconds, now, {
    answered(facts, askedAt) {
      state.answered(node, facts, askedAt);
      onAnswer();
    },
    missed: (reason) => state.missed(node, reason),
    broke: (reason) => state.broke(node, reason),
  });
  return monitor;
}
