/**
 * What a reader must have seen: a position in the write-ahead log of one timeline of one database system.
 *
 * To the program it is an opaque string that may travel in a cookie, a header or a queue. It says nothing secret, and
 * nothing is trusted of it but that it is well formed: a forged one makes a reader wait, or read from the primary.
 */
import {UsageError} from '@databases/pg';
import type {Lsn} from './lsn';
import {formatLsn, parseLsn} from './lsn';

export interface Token {
  /** `system_identifier` of pg_control_system(): which database cluster. */
  readonly systemId: string;
  readonly timeline: number;
  readonly lsn: Lsn;
}

const VERSION = 'v1';
const SHAPE = /^v1\.([0-9]{1,20})\.([0-9A-F]{1,8})\.([0-9A-F]{1,8}\/[0-9A-F]{1,8})$/;

export function encodeToken({systemId, timeline, lsn}: Token): string {
  const text = `${VERSION}.${systemId}.${timeline.toString(16).toUpperCase()}.${formatLsn(lsn)}`;
  return Buffer.from(text).toString('base64url');
}

/** @throws {UsageError} The string is not a token. */
export function decodeToken(text: string): Token {
  const [, systemId, timeline, lsn] =
    SHAPE.exec(Buffer.from(text, 'base64url').toString('latin1')) ?? [];
  if (systemId === undefined || timeline === undefined || lsn === undefined) {
    throw new UsageError(
      `This is not a consistency token (${text.length} characters). Pass on what db.token() gave, unchanged.`,
      {code: 'PG_INVALID_ARGUMENT'},
    );
  }
  return {systemId, timeline: Number.parseInt(timeline, 16), lsn: parseLsn(lsn)};
}

/** How a token stands to the timeline that the cluster is on. */
export type TokenStanding =
  /** Its position compares with those of this timeline. */
  | 'comparable'
  /**
   * It is of an earlier timeline, whose end may have been lost in a failover: its position says nothing here, although
   * it may be the smaller number.
   */
  | 'lost'
  /** Of a later timeline than this cluster knows, which has to find out. */
  | 'ahead'
  /** Of another database system. */
  | 'foreign';

export function standingOf(token: Token, systemId: string, timeline: number): TokenStanding {
  if (token.systemId !== systemId) return 'foreign';
  if (token.timeline === timeline) return 'comparable';
  return token.timeline < timeline ? 'lost' : 'ahead';
}

/** What has seen both: the later position, or the token of the later timeline. */
export function laterToken(one: Token | undefined, other: Token): Token {
  if (one === undefined || one.systemId !== other.systemId) return other;
  if (one.timeline !== other.timeline) return one.timeline > other.timeline ? one : other;
  return one.lsn > other.lsn ? one : other;
}
