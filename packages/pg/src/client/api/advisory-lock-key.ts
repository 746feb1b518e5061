/** The key of an advisory lock as SQL: one bigint or two integers, as Postgres has two key spaces. */
import sql from '@databases/sql';
import type {SQLQuery} from '@databases/sql';
import {UsageError} from '../../errors';

export type AdvisoryLockKey = number | bigint | string | readonly [number, number];

export function advisoryLockKey(key: AdvisoryLockKey): SQLQuery {
  if (typeof key === 'bigint') return single(key.toString());
  if (typeof key === 'number' && Number.isSafeInteger(key)) return single(String(key));
  if (typeof key === 'string' && /^-?\d{1,19}$/.test(key)) return single(key);
  if (Array.isArray(key) && key.length === 2 && key.every(isInt32)) {
    return sql`${String(key[0])}::int, ${String(key[1])}::int`;
  }
  throw new UsageError(
    'an advisory lock key is an integer (number, bigint or decimal string) or a pair of 32-bit integers',
    {code: 'PG_INVALID_ARGUMENT'},
  );
}

function single(key: string): SQLQuery {
  return sql`${key}::bigint`;
}

function isInt32(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && (value | 0) === value;
}
