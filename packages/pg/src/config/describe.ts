/** A config in one line for messages and logs. Contains no password. */
import {escape, formatHost} from './format-connection-string';
import type {ResolvedConfig} from './resolved-config';

/**
 * `postgres://user@host:5432/database`; several hosts with commas, a socket directory as `%2Ftmp`.
 * Reads back (parseConnectionString) to the same target.
 */
export function describeTarget(
  config: Pick<ResolvedConfig, 'host' | 'port' | 'user' | 'database'>,
): string {
  const hosts = config.host.map((host, index) => formatHost(host, config.port[index] ?? 5432));
  return `postgres://${escape(config.user)}@${hosts.join(',')}/${escape(config.database)}`;
}
