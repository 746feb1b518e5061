/** What the steps of one host need to know of the configuration. Holds no secret. */
import {nameSource} from '../config';
import type {ResolvedConfig, ResolvedPoolOptions, SslMode} from '../config';

export interface HostContext {
  /** `host:port`, or the path of a socket: what messages call it. */
  readonly server: string;
  readonly host: string;
  readonly port: number;
  readonly isSocket: boolean;
  readonly needsLookup: boolean;
  readonly directTls: boolean;
  readonly sslMode: SslMode;
  readonly user: string;
  readonly database: string;
  readonly poolSize: number;
  /** How many processes with a pool like this one there are. */
  readonly processes: number;
  /** Where the value of a field came from, in words. */
  readonly source: (field: string) => string;
}

export function hostContext(
  config: ResolvedConfig,
  options: Pick<ResolvedPoolOptions, 'poolSize'>,
  {index, server, processes}: {index: number; server: string; processes: number},
): HostContext {
  const host = config.host[index] ?? 'localhost';
  const isSocket = host.startsWith('/') || host.startsWith('@');
  const address = config.hostaddr[index] ?? '';
  return {
    server,
    host,
    port: config.port[index] ?? 5432,
    isSocket,
    needsLookup: !isSocket && address === '' && !/^[\d.]+$|:/.test(host),
    directTls: config.ssl.negotiation === 'direct',
    sslMode: config.ssl.mode,
    user: config.user,
    database: config.database,
    poolSize: options.poolSize,
    processes,
    source: (field) => sourceOf(config, field),
  };
}

/** `the connection string`, `PGHOST`, `default`. */
export function sourceOf(config: Pick<ResolvedConfig, 'provenance'>, field: string): string {
  const from = config.provenance[field];
  return from === undefined || from.kind === 'default' ? 'default' : nameSource(from);
}
