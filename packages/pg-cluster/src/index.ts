/*
 * `@databases/pg-cluster`: the factory itself, with everything else hanging on it.
 *
 * `require` gives the function; index.mts gives the same one to `import`.
 */
import {UsageError} from '@databases/pg';
import type {ConnectionPool, ConnectionPoolConfig} from '@databases/pg';
import type {
  Cluster,
  ClusterEvents,
  ClusterHosts,
  ClusterNodeState,
  ClusterOptions,
  Consistency,
  Routed,
  SessionOptions,
} from './api/cluster-api';
import {resolveOptions} from './api/cluster-options';
import {clusterOfHosts} from './cluster/cluster-of-hosts';
import {assembleCluster} from './cluster/create-cluster';
import {renderNodes} from './rendering/render-nodes';
import type {RenderNodesOptions} from './rendering/render-nodes';
import {CATALOGUE_QUERY, Router, classify, describeVerdict, readCatalogue} from './routing';
import type {Catalogue, CatalogueOptions, CatalogueRow, Verdict} from './routing';
import {onPrimary, onReplica} from './routing/marked-query';

/**
 * One Queryable over a primary and its replicas. Nothing is connected before the first call.
 *
 * Which of the nodes is the primary is asked of the nodes, so after a failover the first pool may be a replica's. The
 * cluster disposes of the pools when it is disposed of.
 *
 * @throws {UsageError} `PG_INVALID_ARGUMENT`
 */
function createCluster(
  primary: ConnectionPool,
  replicas: ConnectionPool | readonly ConnectionPool[],
  options?: ClusterOptions,
): Cluster;
/** The same, with the pools made of what the hosts have in common. */
function createCluster(
  hosts: ClusterHosts & Omit<ConnectionPoolConfig, 'host' | 'port'>,
  options?: ClusterOptions,
): Cluster;
function createCluster(
  first: ConnectionPool | (ClusterHosts & Omit<ConnectionPoolConfig, 'host' | 'port'>),
  second?: ConnectionPool | readonly ConnectionPool[] | ClusterOptions,
  third?: ClusterOptions,
): Cluster {
  if ('hosts' in first) {
    const options = second === undefined || isPools(second) ? {} : second;
    const resolved = resolveOptions(options);
    return clusterOfHosts(first, resolved);
  }
  if (second === undefined || !isPools(second)) {
    throw new UsageError(
      'createCluster takes a connection pool and a replica (or an array of them), or an object with `hosts`',
      {code: 'PG_INVALID_ARGUMENT'},
    );
  }
  const replicas = isPool(second) ? [second] : second;
  const nodes = replicas.map((pool, index) => ({name: `replica ${index + 1}`, pool}));
  return assembleCluster([{name: 'primary', pool: first}, ...nodes], resolveOptions(third ?? {}));
}

function isPool(value: object): value is ConnectionPool {
  return 'type' in value && 'pipeline' in value;
}

function isPools(value: object): value is ConnectionPool | readonly ConnectionPool[] {
  return Array.isArray(value) ? value.every(isPool) : isPool(value);
}

Object.assign(createCluster, {
  default: createCluster,
  CATALOGUE_QUERY,
  Router,
  classify,
  describeVerdict,
  onPrimary,
  onReplica,
  readCatalogue,
  renderNodes,
});

// A namespace on a function may re-export symbols, and only so can the declaration files of programs name the types.
declare namespace createCluster {
  export {
    createCluster as default,
    CATALOGUE_QUERY,
    Router,
    classify,
    describeVerdict,
    onPrimary,
    onReplica,
    readCatalogue,
    renderNodes,
  };
  export type {
    Catalogue,
    CatalogueOptions,
    CatalogueRow,
    Cluster,
    ClusterEvents,
    ClusterHosts,
    ClusterNodeState,
    ClusterOptions,
    Consistency,
    RenderNodesOptions,
    Routed,
    SessionOptions,
    Verdict,
  };
}

export = createCluster;
