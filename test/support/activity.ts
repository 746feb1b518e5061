/** What the server says of its sessions, and waiting for it to say so. */
import {setTimeout as delay} from 'node:timers/promises';
import {sql} from '@databases/pg';
import type {Queryable} from '@databases/pg';

const PATIENCE_MILLISECONDS = 10_000;

/** Asks again until the answer is true. @throws When it is not within ten seconds, or what the caller has patience for. */
export async function eventually(
  what: string,
  isTrue: () => Promise<boolean> | boolean,
  patienceMilliseconds = PATIENCE_MILLISECONDS,
): Promise<void> {
  const start = performance.now();
  while (!(await isTrue())) {
    if (performance.now() - start > patienceMilliseconds) throw new Error(`never: ${what}`);
    await delay(5);
  }
}

/** How many other sessions run a statement whose text contains `part` right now. */
export async function countRunning(observer: Queryable, part: string): Promise<number> {
  const [row] = await observer.query(sql`
    SELECT count(*)::int AS count FROM pg_stat_activity
    WHERE state = 'active' AND pid <> pg_backend_pid() AND position(${part} in query) > 0
  `);
  return row.count;
}

export function whenRunning(observer: Queryable, part: string): Promise<void> {
  return eventually(`${part} runs`, async () => (await countRunning(observer, part)) > 0);
}

export function whenNotRunning(observer: Queryable, part: string): Promise<void> {
  return eventually(`${part} is over`, async () => (await countRunning(observer, part)) === 0);
}

/** How many sessions call themselves `applicationName`. */
export async function countSessions(observer: Queryable, applicationName: string): Promise<number> {
  const [row] = await observer.query(sql`
    SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = ${applicationName}
  `);
  return row.count;
}

export async function processId(db: Queryable): Promise<number> {
  const [row] = await db.query(sql`SELECT pg_backend_pid() AS pid`);
  return row.pid;
}
