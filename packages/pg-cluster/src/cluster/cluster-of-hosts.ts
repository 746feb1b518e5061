/** Makes the pools of a cluster that is given by names: one for each name, or one for each address behind them. */
import {lookup} from 'node:dns/promises';
import createConnectionPool, {UsageError} from '@databases/pg';
import type {ConnectionPoolConfig} from '@databases/pg';
import type {Cluster, ClusterHosts} from '../api/cluster-api';
import type {ResolvedOptions} from '../api/cluster-options';
import type {Endpoint} from '../topology/endpoints';
import {assembleCluster, nameOf} from './create-cluster';
import type {NamedPool} from './create-cluster';

type Common = Omit<ConnectionPoolConfig, 'host' | 'port'>;

/** @throws {UsageError} `PG_INVALID_ARGUMENT` */
export function clusterOfHosts(
  {hosts, resolve = addressesOf, resolveMilliseconds = 0, ...common}: ClusterHosts & Common,
  options: ResolvedOptions,
): Cluster {
  if (hosts.length === 0) throw invalid('hosts is empty');
  if (!(resolveMilliseconds >= 0)) {
    throw invalid(`resolveMilliseconds is a number from 0, not ${resolveMilliseconds}`);
  }
  const endpoints = hosts.map(endpointOf);
  if (resolveMilliseconds === 0) {
    const pools = endpoints.map((endpoint, index) => ({
      name: hosts[index] ?? endpoint.host,
      pool: createConnectionPool({...common, ...hostAndPort(endpoint)}),
    }));
    return assembleCluster(pools, options);
  }
  if (common.connectionString !== undefined) {
    throw invalid('with resolveMilliseconds, give user, password and database by themselves');
  }
  const poolOf = (endpoint: Endpoint, address: string) => poolAt(endpoint, address, common);
  return assembleCluster([], options, {endpoints, resolve, resolveMilliseconds, poolOf});
}

function endpointOf(name: string): Endpoint {
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]+|.*:.*:.*?))(?::(\d+))?$/.exec(name) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) throw invalid(`${JSON.stringify(name)} is not host or host:port`);
  return {host, port: port === undefined ? undefined : Number(port)};
}

function hostAndPort({host, port}: Endpoint): {host: string; port?: number} {
  return port === undefined ? {host} : {host, port};
}

/** Connected to by the address; the name is what the certificate is for. */
function poolAt(endpoint: Endpoint, address: string, common: Common): NamedPool {
  const {host, port} = endpoint;
  const at = host.includes(':') ? `[${host}]` : encodeURIComponent(host);
  const authority = port === undefined ? at : `${at}:${port}`;
  const connectionString = `postgres://${authority}/?hostaddr=${encodeURIComponent(address)}`;
  return {
    name: nameOf(endpoint, address),
    pool: createConnectionPool({...common, connectionString}),
  };
}

async function addressesOf(host: string): Promise<readonly string[]> {
  const found = await lookup(host, {all: true});
  return found.map(({address}) => address);
}

function invalid(message: string): UsageError {
  return new UsageError(`createCluster: ${message}`, {code: 'PG_INVALID_ARGUMENT'});
}
