/*
 * `@databases/pg/raw`: the connections of this package below its queries, for packages that give them another
 * interface. Texts and encoded values in, texts out; nothing is planned, typed, shared or retried.
 *
 * It is no part of what semantic versioning covers: whoever builds on it asks for exactly one version of this package.
 */
import {resolveConfig, resolvePoolOptions} from './config';
import type {ConnectionPoolConfig} from './config';
import {machineSources} from './machine-sources';
import {RawPool, connectRaw} from './raw';
import type {RawConnection, RawEvents} from './raw';

/**
 * A pool that opens its connections as `createConnectionPool` does.
 * @param report Told of what no caller is there to be told.
 * @throws {ConfigurationError}
 */
export function createRawPool(
  input: ConnectionPoolConfig,
  events: RawEvents,
  report: (error: Error) => void,
): RawPool {
  const config = resolveConfig(input, machineSources());
  return new RawPool(config, resolvePoolOptions(input, config.poolDefaults), events, report);
}

/** @throws {ConfigurationError} And as `createConnectionPool` connects. */
export async function openRawConnection(
  input: ConnectionPoolConfig,
  events: RawEvents,
): Promise<RawConnection> {
  const config = resolveConfig(input, machineSources());
  return connectRaw(config, resolvePoolOptions(input, config.poolDefaults), events);
}

export {parseArray} from './types';
export {RawConnection, RawPool} from './raw';
export type {
  RawEvents,
  RawLease,
  RawNotification,
  RawPoolCounts,
  RawPortal,
  TextReader,
  TextStatement,
} from './raw';
export {DatabaseError, PgError, TimeoutError} from './errors';
export type {DatabaseErrorFields} from './errors';
export type {ConnectionPoolConfig, NodeTlsOptions} from './config';
