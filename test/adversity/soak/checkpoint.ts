/**
 * What must be true when nothing runs and nothing is broken: as many sessions at the server as connections here, all
 * idle; waiters served in their order; the database holds what was acknowledged; notifications came or were told to
 * be missing. Then the tables and the books are emptied, so that memory does not grow by them.
 */
import {setTimeout as delay} from 'node:timers/promises';
import {sql} from '@databases/pg';
import type {Queryable} from '@databases/pg';
import {countSessions, eventually} from '../../support/activity';
import {gate} from '../../support/gate';
import {APPLICATION_NAME} from './faults';
import type {Battlefield} from './faults';
import type {Stored} from './ledger';
import type {Heard} from './notifications';
import type {World} from './operations';
import type {SoakRecord} from './record';

export interface Scene {
  readonly field: Battlefield;
  readonly world: World;
  readonly heard: Heard;
  readonly record: SoakRecord;
}

export async function checkpoint(scene: Scene): Promise<void> {
  const {field, world, heard, record} = scene;
  await attempt(record, 'the pool serves again', () => untilServing(field, world));
  await attempt(record, 'waiters are served in their order', () => assertOrder(world, record));
  await attempt(record, 'the listener listens again', () => untilHeard(world, heard));
  await attempt(record, 'sockets equal sessions', () => untilQuiet(field, world));
  for (const line of heard.compare(world.notified)) record.violation(line);
  for (const line of world.ledger.compare(await stored(field.admin))) record.violation(line);
  await field.admin.query(sql`TRUNCATE soak_write`);
  world.ledger.clear();
  world.notified.clear();
  heard.clear();
}

/** What may not even fail becomes a violation. */
async function attempt(record: SoakRecord, what: string, run: () => Promise<void>): Promise<void> {
  try {
    await record.settled(what, run());
  } catch (error) {
    record.violation(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The last faults may still cost a query or two; that many in a row without an error mean health. */
async function untilServing({admin}: Battlefield, {db}: World): Promise<void> {
  let served = 0;
  await eventually('20 queries in a row are answered', async () => {
    try {
      await admin.query(sql`SELECT 1`);
      await Promise.all(Array.from({length: 20}, () => db.task((one) => one.query(sql`SELECT 1`))));
      served++;
    } catch {
      served = 0;
    }
    return served >= 2;
  });
}

async function assertOrder({db}: World, record: SoakRecord): Promise<void> {
  const {max} = db.stats();
  const held = gate();
  const entered: number[] = [];
  const tasks = Array.from({length: max}, () => db.task(() => held.opened));
  // Watched from the start: one that fails early is no unhandled rejection.
  const outcomes = [Promise.allSettled(tasks)];
  try {
    await eventually('all connections are leased', () => db.stats().leased === max);
    const others = Array.from({length: 3 * max}, (_, index) =>
      db.task(async (connection) => {
        entered.push(index);
        await connection.query(sql`SELECT 1`);
      }),
    );
    outcomes.push(Promise.allSettled(others));
    await eventually('all others wait', () => db.stats().waiting === 3 * max);
  } finally {
    held.open();
    const failed = (await Promise.all(outcomes)).flat().find(({status}) => status === 'rejected');
    if (failed?.status === 'rejected') record.violation(`a task failed: ${String(failed.reason)}`);
  }
  if (entered.some((index, place) => index !== place)) {
    record.violation(`waiters were served in the order ${entered.join()}`);
  }
}

async function untilHeard({db}: World, heard: Heard): Promise<void> {
  const marker = `marker ${performance.now()}`;
  let count = 0;
  await eventually('a notification arrives', async () => {
    await db.notify('soak', `${marker} ${++count}`);
    await delay(20);
    return [...heard.payloads].some((payload) => payload.startsWith(marker));
  });
}

/** The connection that listens is one more than the pool's. */
async function untilQuiet({admin, proxy}: Battlefield, {db}: World): Promise<void> {
  let figures = '';
  try {
    await eventually('quiet', async () => {
      const sessions = await countSessions(admin, APPLICATION_NAME);
      const {total, idle} = db.stats();
      figures = `${sessions} sessions, ${proxy.links.length} sockets, ${total} connections and one that listens, ${idle} idle`;
      return idle === total && sessions === total + 1 && proxy.links.length === sessions;
    });
  } catch {
    throw new Error(figures);
  }
}

async function stored(admin: Queryable): Promise<Map<number, Stored>> {
  const rows = await admin.query(sql`
    SELECT key, count(*)::int AS rows, count(DISTINCT part)::int AS parts FROM soak_write GROUP BY key
  `);
  return new Map(
    rows.map(({key, rows: count, parts}) => [key, {rows: count, differentParts: parts}]),
  );
}
