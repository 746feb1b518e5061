/** Advisory locks that are held until the transaction ends. */
import sql from '@databases/sql';
import {advisoryLockKey} from '../api/advisory-lock-key';
import type {AdvisoryLockKey} from '../api/advisory-lock-key';
import type {Queryable} from '../api/queryable';

/** Taken by one transaction alone, or by any number of them that share it. */
export type AdvisoryLockMode = 'exclusive' | 'shared';

/** Waits until the lock is free. @throws {UsageError} `PG_INVALID_ARGUMENT`: no key of an advisory lock. */
export async function takeAdvisoryLock(
  transaction: Pick<Queryable, 'query'>,
  key: AdvisoryLockKey,
  mode: AdvisoryLockMode,
): Promise<void> {
  const place = advisoryLockKey(key);
  await transaction.query(
    mode === 'shared'
      ? sql`SELECT pg_catalog.pg_advisory_xact_lock_shared(${place})`
      : sql`SELECT pg_catalog.pg_advisory_xact_lock(${place})`,
  );
}

/**
 * Takes the lock if it is free. Whether there is a row is the answer, because how a bool is read is the program's to say
 * (its own parsers).
 */
export async function tryAdvisoryLock(
  transaction: Pick<Queryable, 'query'>,
  key: AdvisoryLockKey,
  mode: AdvisoryLockMode,
): Promise<boolean> {
  const place = advisoryLockKey(key);
  const rows = await transaction.query(
    mode === 'shared'
      ? sql`SELECT WHERE pg_catalog.pg_try_advisory_xact_lock_shared(${place})`
      : sql`SELECT WHERE pg_catalog.pg_try_advisory_xact_lock(${place})`,
  );
  return rows.length > 0;
}
