/** A primary with standbys for one test file, pools on them, and clusters over the pools. */
import assert from 'node:assert/strict';
import {after, before} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import type {ConnectionPool, ConnectionPoolConfig} from '@databases/pg';
import createCluster from '@databases/pg-cluster';
import type {Cluster, ClusterOptions} from '@databases/pg-cluster';
import {startCluster} from '@databases/pg-test';
import type {Cluster as Servers, Server} from '@databases/pg-test';
import {eventually} from './activity';
import {postgresVersion} from './server';

export interface Replicated {
  readonly servers: Servers;
  /** A standby, by the order in which they were started. */
  replica(index: number): Server;
  /** A cluster over all servers; disposed when the file has run. */
  cluster(options?: ClusterOptions, pool?: ConnectionPoolConfig): Cluster;
}

export function useReplicated(
  replicas: number,
  settings: Readonly<Record<string, string>> = {},
): Replicated {
  let started: Servers | undefined;
  const clusters: Cluster[] = [];
  before(async () => {
    started = await startCluster({version: String(postgresVersion), replicas, settings});
  });
  after(async () => {
    await Promise.all(clusters.map((cluster) => cluster.dispose()));
    await started?.stop();
  });
  const servers = () => {
    assert.ok(started);
    return started;
  };
  return {
    get servers() {
      return servers();
    },
    replica(index) {
      const server = servers().replicas[index];
      assert.ok(server);
      return server;
    },
    cluster(options, pool) {
      const [primary, ...others] = [servers().primary, ...servers().replicas].map((server) =>
        poolOf(server, pool),
      );
      assert.ok(primary);
      const cluster = createCluster(primary, others, options);
      clusters.push(cluster);
      return cluster;
    },
  };
}

export function poolOf(server: Server, options: ConnectionPoolConfig = {}): ConnectionPool {
  return createConnectionPool({
    connectionString: server.connectionString,
    onError() {},
    ...options,
  });
}

export const WHERE = sql`SELECT current_setting('port') AS port`;

/** Resolves when it holds; fails the test after the time. */
export function until(
  holds: () => boolean | Promise<boolean>,
  milliseconds?: number,
): Promise<void> {
  return eventually('what this test waits for', holds, milliseconds);
}
