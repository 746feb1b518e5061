/**
 * What the workers of a soak do with the pool. Each operation knows the only right answer and the errors that it
 * brings upon itself; all other errors are the business of whoever runs it.
 *
 * @throws {Violation} The answer was wrong.
 */
import {DatabaseError, PgError, sql} from '@databases/pg';
import type {ConnectionPool, Queryable, Transaction} from '@databases/pg';
import type {Random} from '../rig/random';
import type {Ledger, Outcome} from './ledger';

export class Violation extends Error {}

export interface Notified {
  /** As of Date.now(). */
  readonly startedAt: number;
  readonly acknowledgedAt: number;
}

export interface World {
  readonly db: ConnectionPool;
  readonly ledger: Ledger;
  /** What was notified with success, by payload. */
  readonly notified: Map<string, Notified>;
}

export type Operation = (world: World, random: Random) => Promise<unknown>;

function expect(isRight: boolean, what: string): void {
  if (!isRight) throw new Violation(what);
}

/** Fails unless exactly this error comes. Other errors are passed on. */
async function expectSqlState(code: string, promise: Promise<unknown>): Promise<void> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof DatabaseError && error.code === code) return;
    throw error;
  }
  throw new Violation(`no ${code}`);
}

/** What a failed write says of itself. */
export function outcomeOf(error: unknown): Outcome {
  return error instanceof PgError && error.sent === 'no' ? 'refused' : 'unknown';
}

/** Runs a write of so many parts and notes what became of it. */
async function write(
  {ledger}: World,
  parts: number,
  run: (key: number) => Promise<unknown>,
): Promise<void> {
  const key = ledger.open(parts);
  try {
    await run(key);
  } catch (error) {
    ledger.close(key, outcomeOf(error));
    throw error;
  }
  ledger.close(key, 'acknowledged');
}

function insert(db: Queryable, key: number, part: number): Promise<unknown> {
  return db.query(sql`INSERT INTO soak_write VALUES (${key}, ${part})`);
}

function* rowsOf(key: number, parts: number): Generator<[number, number]> {
  for (let part = 1; part <= parts; part++) yield [key, part];
}

/** Ends what runs and is not an error then: whoever aborted wanted it. */
async function aborted(
  random: Random,
  latestMilliseconds: number,
  run: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const signal = AbortSignal.timeout(random.between(0, latestMilliseconds));
  try {
    await run(signal);
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
  }
}

/** A transaction whose function must be called once, and its step behind COMMIT once if it is told to be committed. */
async function txOnce(
  db: ConnectionPool,
  run: (tx: Transaction) => Promise<unknown>,
): Promise<void> {
  let calls = 0;
  let steps = 0;
  let isCommitted = false;
  try {
    await db.tx(async (tx) => {
      calls++;
      await tx.addPostCommitStep(async () => void steps++);
      await run(tx);
    });
    isCommitted = true;
  } finally {
    expect(isCommitted ? calls === 1 : calls <= 1, `a transaction was run ${calls} times`);
    expect(steps === (isCommitted ? 1 : 0), `${steps} steps, committed: ${isCommitted}`);
  }
}

class RolledBackOnPurpose extends Error {}

async function rollsBack(promise: Promise<unknown>): Promise<void> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof RolledBackOnPurpose) return;
    throw error;
  }
  throw new Violation('what its function throws did not come out of tx()');
}

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  async token({db}, random) {
    const [number, text] = [random.between(0, 1e9), `token ${random.next()}`];
    const [row] = await db.query(sql`SELECT ${number}::int + 1 AS number, ${text}::text AS text`);
    expect(row.number === number + 1 && row.text === text, 'a token of another query');
  },

  async rows({db}, random) {
    const [from, count] = [random.between(0, 1e6), random.between(0, 500)];
    const rows = await db.query(
      sql`SELECT n, repeat('x', ${count}) AS filler FROM generate_series(${from}::int, ${from + count}) AS n`,
    );
    expect(rows.length === count + 1, `${rows.length} rows of ${count + 1}`);
    expect(rows.at(-1).n === from + count, 'rows of another query');
  },

  async several({db}, random) {
    const [a, b] = [random.between(0, 1e9), random.between(0, 1e9)];
    const answers = await db.query([a, b].map((n) => sql`SELECT ${n}::int AS n`));
    const [first, second] = answers.map(([row]) => row?.n);
    expect(first === a && second === b, 'answers of other queries');
  },

  sqlError: ({db}, random) =>
    expectSqlState('22012', db.query(sql`SELECT ${random.between(1, 9)}::int / 0`)),

  insert: (world) => write(world, 1, (key) => insert(world.db, key, 1)),

  transaction: (world, random) =>
    write(world, 3, (key) =>
      txOnce(world.db, async (tx) => {
        await insert(tx, key, 1);
        if (random.next() < 0.3) {
          await rollsBack(
            tx.tx(async (savepoint) => {
              await insert(savepoint, key, 3);
              throw new RolledBackOnPurpose();
            }),
          );
        }
        if (random.next() < 0.3)
          await expectSqlState(
            '22012',
            tx.tx((inner) => inner.query(sql`SELECT 1 / 0`)),
          );
        await tx.tx((savepoint) => insert(savepoint, key, 2));
        await insert(tx, key, 3);
      }),
    ),

  async rollback({db, ledger}) {
    const key = ledger.open(1);
    ledger.close(key, 'refused');
    await rollsBack(
      db.tx(async (tx) => {
        await insert(tx, key, 1);
        throw new RolledBackOnPurpose();
      }),
    );
  },

  abortedQuery: ({db}, random) =>
    aborted(random, 20, (signal) => db.query(sql`SELECT pg_sleep(0.05)`, {signal})),

  abortedTransaction: (world, random) =>
    aborted(random, 20, (signal) =>
      write(world, 1, (key) =>
        world.db.tx(
          async (tx) => {
            await insert(tx, key, 1);
            await tx.query(sql`SELECT pg_sleep(0.01)`);
          },
          {signal},
        ),
      ),
    ),

  async stream({db}, random) {
    const [from, count] = [random.between(0, 1e6), random.between(1, 300)];
    const leaveAt = random.next() < 0.5 ? from + random.between(0, count) : Infinity;
    let next = from;
    const query = sql`SELECT n FROM generate_series(${from}::int, ${from + count}) AS n`;
    for await (const row of db.queryStream(query, {batchSize: random.between(1, 100)})) {
      expect(row.n === next, `row ${row.n} where ${next} comes`);
      next++;
      if (row.n === leaveAt) return;
    }
    expect(next === from + count + 1, 'a stream that ended early');
  },

  abortedStream: ({db}, random) =>
    aborted(random, 30, async (signal) => {
      const query = sql`SELECT pg_sleep(0.001), n FROM generate_series(1, 100) AS n`;
      for await (const row of db.queryStream(query, {batchSize: 8, signal})) {
        expect(row.n >= 1, 'a row of another query');
      }
    }),

  copyFrom: (world, random) => {
    const parts = random.between(1, 400);
    return write(world, parts, async (key) => {
      const stored = await world.db.copyFrom(
        sql`COPY soak_write (key, part) FROM STDIN`,
        rowsOf(key, parts),
      );
      expect(stored === parts, `${stored} rows stored of ${parts}`);
    });
  },

  abortedCopyFrom: (world, random) =>
    aborted(random, 10, (signal) =>
      write(world, 2000, (key) =>
        world.db.copyFrom(sql`COPY soak_write (key, part) FROM STDIN`, rowsOf(key, 2000), {signal}),
      ),
    ),

  async copyTo({db}, random) {
    const leave = random.next() < 0.3;
    let lines = 0;
    const query = sql`COPY (SELECT n FROM generate_series(1, 3000) AS n) TO STDOUT`;
    for await (const bytes of db.copyTo(query)) {
      expect(Buffer.isBuffer(bytes), 'no bytes');
      lines += String(bytes).split('\n').length - 1;
      if (leave) return;
    }
    expect(lines === 3000, `${lines} lines of 3000`);
  },

  async task({db}) {
    await db.task(async (connection) => {
      const query = sql`SELECT current_setting('soak.mark', true) AS mark, pg_backend_pid() AS pid`;
      const [before] = await connection.query(query);
      expect(before.mark === null || before.mark === '', 'a setting of an earlier task');
      await connection.query(sql`SET soak.mark = 'left behind'`);
      const [after] = await connection.query(query);
      expect(after.mark === 'left behind' && after.pid === before.pid, 'another connection');
    });
  },

  async notify({db, notified}, random) {
    const startedAt = Date.now();
    const payload = `${random.between(0, 2 ** 31)}-${random.next()}`;
    await db.notify('soak', payload);
    notified.set(payload, {startedAt, acknowledgedAt: Date.now()});
  },
};
