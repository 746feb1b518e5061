/** Servers of a test's own of which the primary may die, and a cluster over them. */
import assert from 'node:assert/strict';
import {PgError} from '@databases/pg';
import createCluster from '@databases/pg-cluster';
import type {Cluster, ClusterOptions} from '@databases/pg-cluster';
import {startCluster} from '@databases/pg-test';
import type {Cluster as Servers} from '@databases/pg-test';
import {poolOf} from './replicated';
import {postgresVersion} from './server';

export async function startServers(replicas: number): Promise<Servers> {
  return startCluster({version: String(postgresVersion), replicas});
}

export function clusterOver(servers: Servers, options: ClusterOptions = {}): Cluster {
  const [primary, ...replicas] = [servers.primary, ...servers.replicas].map((each) => poolOf(each));
  assert.ok(primary);
  return createCluster(primary, replicas, options);
}

export function first<T>(items: readonly T[]): T {
  const [item] = items;
  assert.ok(item);
  return item;
}

export function sentOf(error: unknown): string {
  assert.ok(error instanceof PgError, String(error));
  return error.sent;
}
