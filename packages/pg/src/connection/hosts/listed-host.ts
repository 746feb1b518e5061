/** One host of a configuration as connecting sees it: where it is, what messages call it, which password it gets. */
import type {ResolvedConfig, ResolvedPoolOptions} from '../../config';
import {isIP} from '../transport';
import type {Host} from './hosts';
import {socketPath} from './socket-path';
import {traceTarget} from './trace-target';

export function listedHost(
  config: ResolvedConfig,
  index: number,
  options: ResolvedPoolOptions<never>,
): Host {
  const host = config.host[index] ?? 'localhost';
  const port = config.port[index] ?? 5432;
  const isSocket = host.startsWith('/') || host.startsWith('@');
  const source = (field: string) => config.provenance[field]?.name ?? 'the default';
  const path = isSocket ? socketPath(host, port, source('host')) : undefined;
  return {
    endpoint: {host, port, socketPath: path, address: addressAt(config, index, host)},
    attempt: {
      server: path ?? (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`),
      user: config.user,
      database: config.database,
      passwordSource: source('password'),
      databaseSource: source('database'),
      transactionTimeout: options.transactionTimeoutMilliseconds > 0,
    },
    password: config.passwords[index] ?? config.password,
    trace: traceTarget(config, options, index),
  };
}

/** Undefined for a name that has to be looked up. */
function addressAt({hostaddr}: ResolvedConfig, index: number, host: string): string | undefined {
  const address = hostaddr[index];
  if (address !== undefined && address !== '') return address;
  return isIP(host) === 0 ? undefined : host;
}
