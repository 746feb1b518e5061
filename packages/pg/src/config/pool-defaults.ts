/** What connection strings say about the pool (Prisma's and postgres.js's words for it) -> defaults of its options. */
import type {PoolOptionDefaults} from './resolved-config';
import type {Find, Session} from './session';
import {oneOf, wholeNumber} from './values';
import {invalid} from './settings';

export function describePoolDefaults(
  find: Find,
  session: Session,
  hostCount: number,
): PoolOptionDefaults {
  const schema = find('schema')?.value;
  const prepare = find('prepare');
  const poolSize = find('connection_limit');
  const queueTimeout = find('pool_timeout');
  const size = poolSize === undefined ? undefined : wholeNumber(poolSize, 'connection_limit', '');
  if (poolSize !== undefined && size !== undefined && size < 1)
    throw invalid(poolSize.from, 'connection_limit must be at least 1.');
  const wait =
    queueTimeout === undefined
      ? undefined
      : wholeNumber(queueTimeout, 'pool_timeout', ' of seconds');
  if (queueTimeout !== undefined && wait !== undefined && (wait < 0 || wait > 2_147_483))
    throw invalid(queueTimeout.from, 'pool_timeout must be from 0 to 2147483 seconds.');
  const {connectTimeoutMilliseconds, keepAlive, keepAliveInitialDelayMilliseconds} = session;
  return {
    hostCount,
    ...(connectTimeoutMilliseconds === undefined
      ? {}
      : {connectionTimeoutMilliseconds: connectTimeoutMilliseconds}),
    ...(wait === undefined ? {} : {queueTimeoutMilliseconds: wait * 1000}),
    ...(size === undefined ? {} : {poolSize: size}),
    ...(schema === undefined ? {} : {schema}),
    ...(prepare === undefined
      ? {}
      : {prepare: oneOf(prepare, 'prepare', ['auto', 'named', 'never'])}),
    ...(keepAlive === undefined ? {} : {keepAlive}),
    ...(keepAliveInitialDelayMilliseconds === undefined ? {} : {keepAliveInitialDelayMilliseconds}),
  };
}
