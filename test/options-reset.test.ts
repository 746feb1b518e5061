/** `resetOnRelease`: what the next user of a session gets to see of the last one. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import type {ConnectionPool, ConnectionPoolConfig, SQLQuery} from '@databases/pg';
import {eventually} from './support/activity';
import {useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {openWireTap} from './support/wire-tap';

const postgres = useServer({}, async (url) => {
  await using db = createConnectionPool(url);
  await db.query(sql`
    CREATE FUNCTION set_tenant(name text) RETURNS void LANGUAGE sql AS
    $$ SELECT set_config('app.tenant', name, false) $$
  `);
});
forbidUnhandledErrors();

function poolWith(resetOnRelease: ConnectionPoolConfig['resetOnRelease'], url = postgres.url) {
  return createConnectionPool({connectionString: url, poolSize: 1, resetOnRelease});
}

async function settingOf(db: ConnectionPool): Promise<unknown> {
  const [row] = await db.query(
    sql`SELECT coalesce(current_setting('app.tenant', true), '') AS tenant`,
  );
  return row.tenant;
}

const byCommand = sql`SET app.tenant TO 'acme'`;
/** No command tag tells of this one, but its text does. */
const byFunction = sql`SELECT set_config('app.tenant', 'acme', false)`;
/** Nothing that is sent or answered tells of this one. */
const byBody = sql`SELECT set_tenant('acme')`;

const cases: readonly (readonly [
  ConnectionPoolConfig['resetOnRelease'],
  string,
  SQLQuery,
  'cleared' | 'kept',
])[] = [
  ['auto', 'SET', byCommand, 'cleared'],
  [undefined, 'SET', byCommand, 'cleared'],
  ['auto', 'set_config()', byFunction, 'cleared'],
  ['auto', 'the body of a function', byBody, 'kept'],
  [true, 'the body of a function', byBody, 'cleared'],
  [true, 'SET', byCommand, 'cleared'],
  [true, 'set_config()', byFunction, 'cleared'],
  [false, 'SET', byCommand, 'kept'],
  [false, 'set_config()', byFunction, 'kept'],
];
const users: readonly (readonly [string, (db: ConnectionPool, query: SQLQuery) => unknown])[] = [
  ['a query', (db, query) => db.query(query)],
  ['a task', (db, query) => db.task((task) => task.query(query))],
  ['a transaction', (db, query) => db.tx((tx) => tx.query(query))],
];
for (const [resetOnRelease, what, query, outcome] of cases) {
  for (const [user, run] of users) {
    test(`resetOnRelease: ${resetOnRelease}: ${what} of ${user} is ${outcome}`, async () => {
      await using db = poolWith(resetOnRelease);
      for (let i = 0; i < 2; i++) {
        await run(db, query);
        const seen = await settingOf(db);
        if (outcome === 'kept') assert.equal(seen, 'acme');
        else assert.equal(seen, '');
      }
    });
  }
}

for (const resetOnRelease of ['auto', true, false] as const) {
  test(`resetOnRelease: ${resetOnRelease}: a transaction left open is rolled back`, async () => {
    await using db = poolWith(resetOnRelease);
    await db.query(sql`CREATE TABLE IF NOT EXISTS left_open (id int)`);
    await db.task(async (task) => {
      await task.query(sql`BEGIN`);
      await task.query(sql`INSERT INTO left_open VALUES (1)`);
    });
    assert.deepEqual(await db.query(sql`SELECT * FROM left_open`), []);
  });
}

test('resetOnRelease: true never lets two queries share a session, and clears it after each', async () => {
  const tap = await openWireTap(postgres.url);
  try {
    await using db = poolWith(true, tap.url);
    const rows = await Promise.all(
      Array.from({length: 5}, (_, i) => db.query(sql`SELECT ${i}::int AS i`)),
    );
    assert.deepEqual(
      rows.map(([row]) => row.i),
      [0, 1, 2, 3, 4],
    );
    // "Q" is DISCARD ALL. The last one follows the last answer.
    const sent = () => tap.flights.join('').replaceAll(/[^SQ]/g, '');
    await eventually('five resets', () => sent().length === 10);
    assert.equal(sent(), 'SQSQSQSQSQ');
  } finally {
    await tap.close();
  }
});

test("resetOnRelease: 'auto' costs nothing where nothing was left behind", async () => {
  const tap = await openWireTap(postgres.url);
  try {
    await using db = poolWith('auto', tap.url);
    for (let i = 0; i < 3; i++) await db.tx((tx) => tx.query(sql`SELECT 1`));
    assert.doesNotMatch(tap.flights.join(''), /Q/);
  } finally {
    await tap.close();
  }
});
