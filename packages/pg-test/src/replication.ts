/**
 * The commands of streaming replication, sent to servers that run: whom a standby follows, its
 * promotion, and waiting until it has caught up. Making a standby is base-backup.ts.
 */
import {setTimeout as sleep} from 'node:timers/promises';
import {ADMINISTRATOR} from './configuration';
import {PgTestError} from './error';
import {quoteLiteral, withSession} from './simple-query';
import type {Address} from './simple-query';

const POLL_INTERVAL_MILLISECONDS = 5;
const PROMOTE_TIMEOUT_SECONDS = 30;

export interface Upstream {
  host: string;
  port: number;
  socketDirectory: string;
}

/** Over the unix socket, where the administrator needs no password. */
export function primaryConninfo(upstream: Upstream, applicationName: string): string {
  const host = process.platform === 'win32' ? upstream.host : upstream.socketDirectory;
  return `host=${host} port=${upstream.port} user=${ADMINISTRATOR} application_name=${applicationName}`;
}

/** Resolves when the standby takes writes. Rejects with `PG_TEST_QUERY_FAILED` on a primary. */
export async function promote(standby: Address): Promise<void> {
  const rows = await withSession(standby, (session) =>
    session.query(`SELECT pg_promote(true, ${PROMOTE_TIMEOUT_SECONDS})`),
  );
  if (rows[0]?.[0] !== 't') {
    throw new PgTestError(
      'PG_TEST_TIMEOUT',
      `The standby was not promoted within ${PROMOTE_TIMEOUT_SECONDS} s; its log file says more.`,
    );
  }
}

/** The walreceiver restarts with the new upstream at once; nothing else is interrupted. */
export async function follow(standby: Address, conninfo: string): Promise<void> {
  await withSession(standby, async (session) => {
    await session.query(`ALTER SYSTEM SET primary_conninfo = ${quoteLiteral(conninfo)}`);
    await session.query('SELECT pg_reload_conf()');
  });
}

/** What the upstream has written so far is the mark; what comes later is not waited for. */
export async function waitForReplay(
  upstream: Address,
  standbys: readonly Address[],
  timeoutMilliseconds: number,
): Promise<void> {
  const [row] = await withSession(upstream, (session) =>
    session.query('SELECT pg_current_wal_insert_lsn()'),
  );
  const mark = quoteLiteral(row?.[0] ?? '0/0');
  const question = `SELECT NOT pg_is_in_recovery() OR pg_last_wal_replay_lsn() >= ${mark}::pg_lsn`;
  const deadline = Date.now() + timeoutMilliseconds;
  await Promise.all(
    standbys.map((standby) =>
      withSession(standby, async (session) => {
        while ((await session.query(question))[0]?.[0] !== 't') {
          if (Date.now() > deadline) {
            throw new PgTestError(
              'PG_TEST_TIMEOUT',
              `A standby had not replayed up to ${mark} after ${timeoutMilliseconds} ms; see its log file.`,
            );
          }
          await sleep(POLL_INTERVAL_MILLISECONDS);
        }
      }),
    ),
  );
}
