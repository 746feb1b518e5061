/** Promise 10: what one user of a connection leaves in its session is not seen by the next. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import type {ConnectionPool, Queryable, SQLQuery} from '@databases/pg';
import {useServer} from '../support/server';
import {forbidUnhandledErrors} from '../support/unhandled';
import {randomTest} from './rig/random';

const ROUNDS = process.env['ADVERSITY_LONG'] === undefined ? 100 : 1000;

const postgres = useServer({}, async (url) => {
  await using db = createConnectionPool(url);
  await db.query(sql`CREATE TABLE marks (id int)`);
  await db.query(sql`CREATE ROLE somebody_else`);
  await db.query(sql`GRANT INSERT ON marks TO somebody_else`);
  for (const [name, body] of [
    ['hidden_role', 'SET ROLE somebody_else'],
    ['hidden_setting', "PERFORM set_config('app.tenant', 'acme', false)"],
    ['hidden_table', 'CREATE TEMPORARY TABLE left_behind (id int)'],
    ['hidden_listen', 'LISTEN left_behind'],
    ['hidden_lock', 'PERFORM pg_advisory_lock(7)'],
    ['hidden_cursor', "EXECUTE 'DECLARE left_behind CURSOR WITH HOLD FOR SELECT 1'"],
  ] as const) {
    await db.query(sql`
      CREATE FUNCTION ${sql.ident(name)}() RETURNS void LANGUAGE plpgsql AS
      ${sql.__dangerous__rawValue(`$$ BEGIN ${body}; END $$`)}
    `);
  }
});
forbidUnhandledErrors();

type Trace = 'transaction' | 'role' | 'setting' | 'table' | 'listen' | 'lock' | 'cursor';

/** What shows of the seven. */
async function visible(db: ConnectionPool): Promise<Trace[]> {
  const [row] = await db.query(sql`
    SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS transaction,
      current_user <> session_user AS role,
      coalesce(current_setting('app.tenant', true), '') <> '' AS setting,
      to_regclass('pg_temp.left_behind') IS NOT NULL AS table,
      EXISTS (SELECT FROM pg_listening_channels()) AS listen,
      EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS lock,
      EXISTS (SELECT FROM pg_cursors WHERE name = 'left_behind') AS cursor
  `);
  const traces = ['transaction', 'role', 'setting', 'table', 'listen', 'lock', 'cursor'] as const;
  return traces.filter((trace) => row[trace] === true);
}

/** Ways to leave each of them. */
const ways: Readonly<Record<Exclude<Trace, 'transaction'>, readonly (() => SQLQuery)[]>> = {
  role: [
    () => sql`SET ROLE somebody_else`,
    () => sql`SELECT set_config('role', 'somebody_else', false)`,
  ],
  setting: [
    () => sql`SET app.tenant = 'acme'`,
    () => sql`SELECT set_config('app.tenant', ${'acme'}, false)`,
    () => sql`SELECT pg_catalog . "set_config" ('app.tenant', ${'acme'}, ${false})`,
  ],
  table: [
    () => sql`CREATE TEMP TABLE left_behind (id int)`,
    () => sql`CREATE TEMPORARY TABLE left_behind AS SELECT 1 AS id`,
    () => sql`SELECT 1 AS id INTO TEMP left_behind`,
    () => sql`CREATE TABLE pg_temp.left_behind (id int)`,
  ],
  listen: [
    () => sql`LISTEN left_behind`,
    () => sql`DO $$ BEGIN EXECUTE 'LISTEN left_behind'; END $$`,
  ],
  lock: [
    () => sql`SELECT pg_advisory_lock(7)`,
    () => sql`SELECT pg_try_advisory_lock_shared(7, 7)`,
    // The lock stays although the statement fails.
    () => sql`SELECT pg_advisory_lock(7), 1 / (random() * 0)::int`,
  ],
  cursor: [() => sql`DECLARE left_behind CURSOR WITH HOLD FOR SELECT generate_series(1, 10)`],
};
const traces = ['role', 'setting', 'table', 'listen', 'lock', 'cursor'] as const;

type Use = (db: ConnectionPool, run: (on: Queryable) => Promise<unknown>) => Promise<unknown>;
const uses: readonly Use[] = [
  (db, run) => run(db),
  (db, run) => db.task(run),
  (db, run) => db.tx(run),
  async (db, run) =>
    db.task(async (task) => {
      await run(task);
      await task.query(sql`BEGIN`);
      await task.query(sql`INSERT INTO marks VALUES (1)`);
    }),
];

randomTest('10. clean hand-over: seven traces, left in every way', async (random, context) => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const seen: string[] = [];
  const processes = new Set<unknown>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const trace of traces) {
      const query = random.pick(ways[trace])();
      const use = random.pick(uses);
      await use(db, (on) => on.query(query)).catch((error: unknown) => {
        // The one that is to fail.
        assert.equal(Reflect.get(Object(error), 'code'), '22012', String(error));
      });
      for (const one of await visible(db)) seen.push(`${one} in round ${round}`);
    }
    const [session] = await db.query(sql`SELECT pg_backend_pid() AS pid`);
    processes.add(session.pid);
  }
  context.diagnostic(`${ROUNDS} rounds of seven, ${seen.length} seen, ${processes.size} sessions`);
  assert.deepEqual(seen, []);
  assert.deepEqual(await db.query(sql`SELECT * FROM marks`), []);
  // The connection was cleared, not thrown away.
  assert.equal(processes.size, 1);
});

test('10. clean hand-over: a query that waits behind one that leaves something does not see it', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const seen: Trace[][] = [];
  for (let round = 0; round < 10; round++) {
    await Promise.all(
      traces.flatMap((trace) =>
        ways[trace].map(async (way) => {
          const look = visible(db);
          const leave = db.query(way()).catch(() => undefined);
          seen.push(...(await Promise.all([look, visible(db), leave.then(() => visible(db))])));
        }),
      ),
    );
  }
  assert.deepEqual([...new Set(seen.flat())], []);
});

test('10. clean hand-over: what the body of a function leaves is cleared with resetOnRelease: true', async (context) => {
  for (const [resetOnRelease, expected] of [
    [true, []],
    ['auto', undefined],
  ] as const) {
    await using db = createConnectionPool({
      connectionString: postgres.url,
      poolSize: 1,
      resetOnRelease,
    });
    for (const trace of traces) {
      await db
        .task((task) => task.query(sql`SELECT ${sql.ident(`hidden_${trace}`)}()`))
        .catch(() => undefined);
    }
    const seen = await visible(db);
    context.diagnostic(`hidden in functions, ${resetOnRelease}: ${seen.join(', ') || 'none'} seen`);
    if (expected !== undefined) assert.deepEqual(seen, expected);
  }
});
