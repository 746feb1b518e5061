/**
 * Everything it takes to make a pool and run it, behind one door: index.ts opens it at the first
 * `createConnectionPool`, so that a program which only imports the package does not wait for it.
 */
import type {SQLQuery} from '@databases/sql';
import {createPoolClient} from './client';
import type {ConnectionPool} from './client';
import {RememberedConfig, resolveConfig, resolvePoolOptions} from './config';
import type {ConfigSources, ConnectionPoolConfig} from './config';
import {machineSources} from './machine-sources';

type Input = string | ConnectionPoolConfig<SQLQuery> | undefined;

const remembered = new RememberedConfig((input: Input, sources: ConfigSources) => {
  const config = resolveConfig(input, sources);
  const given = typeof input === 'object' ? input : {};
  return {config, options: resolvePoolOptions(given, config.poolDefaults)};
});

/** @throws {ConfigurationError} */
export function openPool(input: Input): ConnectionPool {
  const {config, options} = remembered.read(input, machineSources());
  return createPoolClient(config, options);
}
