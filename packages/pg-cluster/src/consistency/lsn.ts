/**
 * A position in the write-ahead log, as Postgres prints it (`16/B374D848`) and as a number that compares.
 *
 * Positions compare only within one timeline of one database system: token.ts.
 */
import {UsageError} from '@databases/pg';

export type Lsn = bigint;

const SHAPE = /^([0-9A-Fa-f]{1,8})\/([0-9A-Fa-f]{1,8})$/;

/** @throws {UsageError} It is not a position. */
export function parseLsn(text: string): Lsn {
  const [, high, low] = SHAPE.exec(text) ?? [];
  if (high === undefined || low === undefined) {
    throw new UsageError(
      `${JSON.stringify(text.slice(0, 40))} is not a position in the write-ahead log`,
      {code: 'PG_INVALID_ARGUMENT'},
    );
  }
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

export function formatLsn(lsn: Lsn): string {
  return `${(lsn >> 32n).toString(16).toUpperCase()}/${(lsn & 0xffff_ffffn).toString(16).toUpperCase()}`;
}
