/** Several statements that stand for themselves in one round trip, ending all connections, and a pool beside a pool. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ConnectionError, DatabaseError, sql} from '@databases/pg';
import {useDatabase} from './support/database';
import {eventually} from './support/activity';
import {failureOf} from './support/failure';
import {openWireTap} from './support/wire-tap';

const database = useDatabase();

void test('what fails in a pipeline leaves the statements before and behind it alone', async () => {
  const {db} = database;
  await db.query(sql`CREATE TABLE piped (id int PRIMARY KEY)`);
  const [one, two, three, several] = await db.pipeline([
    sql`INSERT INTO piped VALUES (1) RETURNING id`,
    sql`INSERT INTO piped VALUES (1)`,
    sql`INSERT INTO piped VALUES (2)`,
    [sql`INSERT INTO piped VALUES (3)`, sql`INSERT INTO piped VALUES (1)`],
  ]);
  assert.deepEqual(one, {status: 'fulfilled', value: [{id: 1}]});
  assert.ok(two?.status === 'rejected' && two.reason instanceof DatabaseError);
  assert.equal(three?.status, 'fulfilled');
  assert.equal(several?.status, 'rejected');
  assert.deepEqual(await db.query(sql`SELECT id FROM piped ORDER BY id`), [{id: 1}, {id: 2}]);
});

void test('a pipeline of known statements is one round trip, with a Sync behind each', async () => {
  await using tap = await openTap(database.url);
  await using db = database.pool({connectionString: tap.url});
  const queries = [sql`SELECT 1 AS one`, sql`SELECT 2 AS two`];
  await db.pipeline(queries);
  await db.pipeline(queries);
  tap.clear();
  await db.pipeline(queries);
  assert.deepEqual(tap.flights, ['BESBES']);
});

void test('pipelines share a connection, with one another and with queries', async () => {
  await using tap = await openTap(database.url);
  await using db = database.pool({connectionString: tap.url, poolSize: 1});
  const queries = [sql`SELECT 1 AS one`, sql`SELECT 2 AS two`];
  const both = [
    {status: 'fulfilled', value: [{one: 1}]},
    {status: 'fulfilled', value: [{two: 2}]},
  ];
  // When they are known to be fast, which takes a while on a loaded machine.
  await eventually('they are sent together', async () => {
    tap.clear();
    const answers = await Promise.all([
      db.pipeline(queries),
      db.query(sql`SELECT 1 AS one`),
      db.pipeline(queries),
    ]);
    assert.deepEqual(answers, [both, [{one: 1}], both]);
    return tap.flights.join('') === 'BESBESBESBESBES' && tap.flights.length < 3;
  });
});

void test('what had to be sent once more came behind the others, and they say so', async () => {
  await using db = database.pool({poolSize: 1});
  await db.query(sql`CREATE TABLE altered (id int)`);
  const queries = [sql`SELECT * FROM altered`, sql`SELECT 2 AS two`, sql`SELECT 3 AS three`];
  await db.pipeline(queries);
  await db.pipeline(queries);
  await db.query(sql`ALTER TABLE altered ADD COLUMN name text`);
  await db.query(sql`INSERT INTO altered VALUES (1, 'a')`);
  assert.deepEqual(await db.pipeline(queries), [
    {status: 'fulfilled', value: [{id: 1, name: 'a'}]},
    {status: 'fulfilled', value: [{two: 2}], early: true},
    {status: 'fulfilled', value: [{three: 3}], early: true},
  ]);
  // The same where the pipeline has the connection to itself.
  await db.query(sql`ALTER TABLE altered DROP COLUMN name`);
  const [again, ...others] = await db.pipeline([...queries, [sql`SELECT 4`, sql`SELECT 5`]]);
  assert.deepEqual(again, {status: 'fulfilled', value: [{id: 1}]});
  assert.deepEqual(
    others.map(({early}) => early),
    [true, true, true],
  );
});

void test('beside a slow statement a fast one is still known as fast', async () => {
  await using tap = await openTap(database.url);
  await using db = database.pool({connectionString: tap.url, poolSize: 1});
  const fast = sql`SELECT 1 AS fast`;
  // A machine that is busy may make a fast one look slow, but not always.
  await eventually('two of the fast ones are one flight', async () => {
    await db.pipeline([sql`SELECT pg_sleep(0.05)`, fast]);
    tap.clear();
    await Promise.all([db.query(fast), db.query(fast)]);
    return tap.flights.join() === 'BESBES';
  });
});

void test('a transaction that a pipeline leaves open reaches nobody else', async () => {
  await using db = database.pool({poolSize: 1});
  await db.query(sql`CREATE TABLE left_open (id int)`);
  await db.pipeline([sql`BEGIN`, sql`INSERT INTO left_open VALUES (1)`]);
  assert.deepEqual(await db.query(sql`SELECT id FROM left_open`), []);
});

void test('disconnect() says of each query of a pipeline that it may have taken effect', async () => {
  await using db = database.pool({poolSize: 1});
  const pipeline = db.pipeline([sql`SELECT 1 AS one`, sql`SELECT pg_sleep(61)`, sql`SELECT 3`]);
  const {db: other} = database;
  await eventually('it sleeps', async () => {
    const rows = await other.query(
      sql`SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(61)' AND state = 'active'`,
    );
    return rows.length > 0;
  });
  db.disconnect('the test says so');
  const [one, ...lost] = await pipeline;
  assert.deepEqual(one, {status: 'fulfilled', value: [{one: 1}]});
  for (const outcome of lost) {
    assert.ok(outcome.status === 'rejected' && outcome.reason instanceof ConnectionError);
    assert.equal(outcome.reason.sent, 'maybe');
  }
  assert.deepEqual(await db.query(sql`SELECT 4 AS four`), [{four: 4}]);
});

void test('disconnect() says of each query whether it was sent, and the pool goes on', async () => {
  await using db = database.pool();
  await db.query(sql`SELECT 1`);
  const sent = db.task((connection) => connection.query(sql`SELECT pg_sleep(60)`));
  const waits = db.query(sql`SELECT 1`);
  const failures = Promise.all([failureOf(sent), failureOf(waits)]);
  const {db: other} = database;
  for (;;) {
    const rows = await other.query(
      sql`SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'`,
    );
    if (rows.length > 0) break;
  }
  db.disconnect('the test says so');
  const [first, second] = await failures;
  assert.ok(first instanceof ConnectionError && second instanceof ConnectionError);
  assert.deepEqual([first.sent, second.sent], ['maybe', 'no']);
  assert.match(second.message, /the test says so/);
  assert.deepEqual(await db.query(sql`SELECT 3 AS three`), [{three: 3}]);
});

void test('another() is a pool of its own to the same database', async () => {
  const heard: string[] = [];
  const db = database.pool({onQueryStart: () => void heard.push('query')});
  await using other = db.another({poolSize: 1});
  await db.dispose();
  const [row] = await other.query(sql`SELECT current_database() AS name`);
  assert.deepEqual(row, {name: 'postgres'});
  assert.deepEqual(heard, []);
});

async function openTap(url: string) {
  const tap = await openWireTap(url);
  return Object.assign(tap, {[Symbol.asyncDispose]: () => tap.close()});
}
