/**
 * Everything it takes to make a pool and run it, behind one door: index.ts opens it at the first
 * `createConnectionPool`, so that a program which only imports the package does not wait for it.
 */
import type {SQLQuery} from '@databases/sql';
import {createPoolClient} from './client';
import type {ConnectionPool} from './client';
import {resolveConfig, resolvePoolOptions} from './config';
import type {ConnectionPoolConfig} from './config';
import {machineSources} from './machine-sources';

/** @throws {ConfigurationError} */
export function openPool(
  options: string | ConnectionPoolConfig<SQLQuery> | undefined,
): ConnectionPool {
  const config = resolveConfig(options, machineSources());
  const given = typeof options === 'object' ? options : {};
  return createPoolClient(config, resolvePoolOptions(given, config.poolDefaults));
}
