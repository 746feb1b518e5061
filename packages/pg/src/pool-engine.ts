/**
 * Everything it takes to make a pool and run it, behind one door: index.ts opens it at the first
 * `createConnectionPool`, so that a program which only imports the package does not wait for it.
 */
import type {SQLQuery} from '@databases/sql';
import {createPoolClient} from './client';
import type {ConnectionPool, CreateInspector} from './client';
import type * as Inspector from './inspector';
import {RememberedConfig, fingerprint, resolveConfig, resolvePoolOptions} from './config';
import type {ConfigSources, ConnectionPoolConfig} from './config';
import {machineSources} from './machine-sources';
import {assertKey, sharedResource} from './shared-pools';
import type {Shareable} from './shared-pools';

type Input = string | ConnectionPoolConfig<SQLQuery> | undefined;

/** All of them look when they are asked, so that one will do for all pools. */
const SOURCES = machineSources();

const remembered = new RememberedConfig((input: Input, sources: ConfigSources) => {
  const config = resolveConfig(input, sources);
  const given = typeof input === 'object' ? input : {};
  return {config, options: resolvePoolOptions(given, config.poolDefaults)};
});

// Loaded when it is asked for: few programs do, and the page is a large text.
const createInspector: CreateInspector = (stats, options, report) => {
  const inspector: typeof Inspector = require('./inspector');
  return inspector.createInspector(stats, options, report);
};

/** @throws {ConfigurationError} */
export function openPool(input: Input): ConnectionPool {
  const {config, options} = remembered.read(input, SOURCES);
  return createPoolClient(config, options, createInspector);
}

/** @throws {ConfigurationError | UsageError} */
export function openSharedPool(key: string, input: Input): ConnectionPool {
  assertKey(key);
  const {config, options} = remembered.read(input, SOURCES);
  // Where a value is from, and what there is to say of it, makes no other pool.
  const {provenance: _provenance, warnings: _warnings, ...open} = config;
  const {password, passwords, askPassword, ssl} = config;
  const made = fingerprint([open, password, passwords, askPassword, ssl, options]);
  return sharedResource(key, made, () => createPoolClient(config, options, createInspector));
}

/** The program's own resource: only it knows when another is wanted. @throws {UsageError} */
export function openShared<T extends Shareable>(key: string, make: () => T): T {
  assertKey(key);
  return sharedResource(key, undefined, make);
}
