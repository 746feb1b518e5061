/** Which kind of trace a message of a channel is. The classes are not imported: a program may have a package twice. */
import type {
  AcquireTrace,
  ConnectTrace,
  PoolTrace,
  QueryTrace,
  ReleaseTrace,
  StreamTrace,
  TransactionTrace,
} from '@databases/pg';

function has<Name extends string>(message: unknown, name: Name): message is Record<Name, unknown> {
  return typeof message === 'object' && message !== null && name in message;
}

export function isQuery(message: unknown): message is QueryTrace {
  return has(message, 'queryText');
}

export function isStream(message: unknown): message is StreamTrace {
  return isQuery(message) && has(message, 'kind');
}

export function isTransaction(message: unknown): message is TransactionTrace {
  return has(message, 'attempts');
}

export function isAcquire(message: unknown): message is AcquireTrace {
  return has(message, 'purpose');
}

export function isRelease(message: unknown): message is ReleaseTrace {
  return has(message, 'heldMilliseconds');
}

export function isConnect(message: unknown): message is ConnectTrace {
  return has(message, 'poolName');
}

export function isPool(message: unknown): message is PoolTrace {
  return has(message, 'pool');
}
