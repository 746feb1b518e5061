/** Several statements that stand for themselves in one round trip, ending all connections, and a pool beside a pool. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ConnectionError, DatabaseError, sql} from '@databases/pg';
import {useDatabase} from './support/database';
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
