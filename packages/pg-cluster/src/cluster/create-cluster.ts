/** Puts a cluster together from the pools of its nodes. */
import type {ConnectionPool} from '@databases/pg';
import type {Cluster} from '../api/cluster-api';
import {EventHub} from '../api/cluster-events';
import type {ResolvedOptions} from '../api/cluster-options';
import {PrimaryWork} from '../calls/primary-work';
import {Reads} from '../calls/reads';
import {isNodeTrouble} from '../calls/rerun';
import {Sessions} from '../calls/sessions';
import {Spill} from '../calls/spill';
import {Writes} from '../calls/writes';
import {Monitor} from '../health/monitor';
import type {NodeFacts} from '../health/probe';
import {StatementRouter} from '../routing/statement-router';
import {ClusterState} from '../topology/cluster-state';
import {Endpoints} from '../topology/endpoints';
import type {Endpoint} from '../topology/endpoints';
import {ClusterNode} from '../topology/node';
import {ClusterClient} from './cluster-client';

export interface NamedPool {
  readonly name: string;
  readonly pool: ConnectionPool;
}

const now = () => performance.now();

export interface NamedEndpoints {
  readonly endpoints: readonly Endpoint[];
  readonly resolve: (host: string) => Promise<readonly string[]>;
  readonly resolveMilliseconds: number;
  readonly poolOf: (endpoint: Endpoint, address: string) => NamedPool;
}

export function assembleCluster(
  pools: readonly NamedPool[],
  options: ResolvedOptions,
  names?: NamedEndpoints,
): Cluster {
  const events = new EventHub();
  const nodes = pools.map(({name, pool}) => new ClusterNode(name, pool));
  const state = new ClusterState(nodes, {...options, now}, events, names !== undefined);
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
  const keepRouter = (node: ClusterNode, {catalogueCount}: NodeFacts) => {
    if (node === state.primary) router.counted(catalogueCount);
    if (router.stale) void router.refresh();
  };
  const watch = (node: ClusterNode) => monitorOf(node, state, options, keepRouter);
  for (const node of nodes) node.monitor = watch(node);
  const endpoints = names && endpointsOf(names, state, watch);
  events.on('eject', () => void endpoints?.look());
  const writes = new Writes({state, router, sessions, primary});
  return new ClusterClient({
    state,
    events,
    router,
    sessions,
    primary,
    reads,
    writes,
    spill,
    endpoints,
  });
}

function endpointsOf(
  names: NamedEndpoints,
  state: ClusterState,
  watch: (node: ClusterNode) => Monitor,
): Endpoints {
  const {endpoints, poolOf, resolve, resolveMilliseconds} = names;
  return new Endpoints(endpoints, resolve, resolveMilliseconds, {
    async add(endpoint, address) {
      const {name, pool} = poolOf(endpoint, address);
      const node = new ClusterNode(name, pool);
      node.monitor = watch(node);
      state.nodes.push(node);
      await node.monitor.probeNow();
    },
    drop(endpoint, address) {
      const name = nameOf(endpoint, address);
      const node = state.nodes.find((each) => each.name === name);
      if (node === undefined || !state.drop(node)) return false;
      void node.monitor?.stop();
      node.pool.disconnect('its name leads elsewhere');
      void node.pool.dispose();
      return true;
    },
    get hurried() {
      return state.primary === undefined;
    },
    troubled(reason) {
      state.trouble = reason;
    },
  });
}

/** A server by its address, with the name that led there. */
export function nameOf({host, port}: Endpoint, address: string): string {
  const at = address.includes(':') ? `[${address}]` : address;
  return `${host}/${port === undefined ? at : `${at}:${port}`}`;
}

/** Nodes with monitors and nothing that sends them work: for those who only look. */
export function observeNodes(
  pools: readonly NamedPool[],
  options: Pick<ResolvedOptions, 'maxLagMilliseconds' | 'probeMilliseconds'>,
  events: EventHub,
): ClusterState {
  const nodes = pools.map(({name, pool}) => new ClusterNode(name, pool));
  const state = new ClusterState(nodes, {...options, now}, events, false);
  for (const node of nodes) node.monitor = monitorOf(node, state, options, () => {});
  return state;
}

function monitorOf(
  node: ClusterNode,
  state: ClusterState,
  {probeMilliseconds}: Pick<ResolvedOptions, 'probeMilliseconds'>,
  onAnswer: (node: ClusterNode, facts: NodeFacts) => void,
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
  let acknowledged = 0;
  const monitor: Monitor = new Monitor(pool, probeMilliseconds, now, {
    asks() {
      ({acknowledged} = node.coverage);
    },
    answered(facts, askedAt) {
      state.answered(node, facts, askedAt);
      if (node === state.primary && facts.flushesFirst) {
        node.coverage.cover(acknowledged, facts.timeline, facts.lsn);
      }
      onAnswer(node, facts);
    },
    missed: (reason) => state.missed(node, reason),
    broke: (reason) => state.broke(node, reason),
  });
  return monitor;
}
