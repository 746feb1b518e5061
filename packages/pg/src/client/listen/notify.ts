/** What `notify` sends. */
import sql from '@databases/sql';
import type {SQLQuery} from '@databases/sql';
import {UsageError} from '../../errors';
import {assertChannel} from './channel-name';

/** NOTIFY_PAYLOAD_MAX_LENGTH - 1: async.c of Postgres, for the usual block size of 8 kB. */
const LONGEST_PAYLOAD_BYTES = 7999;

/** @throws {UsageError} `PG_INVALID_ARGUMENT`: the channel or the payload is none that Postgres would take. */
export function notifyQuery(channel: string, payload: unknown = ''): SQLQuery {
  assertChannel(channel);
  if (typeof payload !== 'string') {
    throw new UsageError(
      `the payload of a notification is a string, not ${typeof payload}; write JSON.stringify(value) and JSON.parse(payload) for anything else`,
      {code: 'PG_INVALID_ARGUMENT'},
    );
  }
  const bytes = Buffer.byteLength(payload);
  if (bytes > LONGEST_PAYLOAD_BYTES) {
    throw new UsageError(
      `the payload of a notification has ${bytes} bytes and Postgres takes ${LONGEST_PAYLOAD_BYTES}; store it in a table and notify of its key`,
      {code: 'PG_INVALID_ARGUMENT'},
    );
  }
  return sql`SELECT pg_catalog.pg_notify(${channel}, ${payload})::text`;
}
