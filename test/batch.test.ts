import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import {useServer} from './support/server';
import {openWireTap} from './support/wire-tap';

const postgres = useServer();

test('an array of queries gives the rows of each', async () => {
  await using db = createConnectionPool(postgres.url);
  const queries = [sql`SELECT ${1}::int AS a`, sql`SELECT 2 AS b WHERE false`, sql`SELECT 3 AS c`];
  const expected = [[{a: 1}], [], [{c: 3}]];
  assert.deepEqual(await db.query(queries), expected);
  assert.deepEqual(await db.task((task) => task.query(queries)), expected);
  assert.deepEqual(await db.tx((tx) => tx.query(queries)), expected);
  assert.deepEqual(await db.query([sql`SELECT 1 AS one`]), [[{one: 1}]]);
});

test('an element of several statements gives the rows of its last', async () => {
  await using db = createConnectionPool(postgres.url);
  assert.deepEqual(await db.query([sql`SELECT 1 AS a; SELECT 2 AS b`, sql`SELECT 3 AS c`]), [
    [{b: 2}],
    [{c: 3}],
  ]);
});

test('a later query that fails undoes the earlier ones', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.query(sql`CREATE TABLE undone (id int)`);
  const failing = [sql`INSERT INTO undone VALUES (1)`, sql`SELECT 1/0`, sql`SELECT 2`];
  await assert.rejects(db.query(failing), {code: '22012'});
  await db.task(async (task) => {
    await assert.rejects(task.query(failing), {code: '22012'});
    // The same connection goes on, outside of any transaction.
    assert.deepEqual(await task.query(sql`SELECT count(*)::int AS count FROM undone`), [
      {count: 0},
    ]);
  });
  assert.deepEqual(await db.query(sql`SELECT * FROM undone`), []);
});

test('the queries of an array see one transaction, outside of an array each its own', async () => {
  await using db = createConnectionPool(postgres.url);
  const id = sql`SELECT pg_current_xact_id()::text AS id`;
  const [first, second] = await db.query([id, id]);
  assert.deepEqual(first, second);
  assert.notDeepEqual(await db.query(id), first);
});

test('a constraint that is checked at COMMIT fails the array', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.query(sql`CREATE TABLE deferred (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)`);
  const twice = [sql`INSERT INTO deferred VALUES (1)`, sql`INSERT INTO deferred VALUES (1)`];
  await assert.rejects(db.query(twice), {code: '23505'});
  await assert.rejects(
    db.task((task) => task.query(twice)),
    {code: '23505'},
  );
  await assert.rejects(
    db.tx((tx) => tx.query(twice)),
    {code: '23505'},
  );
  assert.deepEqual(await db.query(sql`SELECT * FROM deferred`), []);
});

test('what is asked for beside a failing array on the same connection is not its victim', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.task(async (task) => {
    const failing = [sql`SELECT 1`, sql`SELECT 1/0`];
    const results = await Promise.allSettled([
      task.query(sql`SELECT 1 AS first`),
      task.query(failing),
      task.query(sql`SELECT 2 AS second`),
      task.query(failing),
      task.query([sql`SELECT 3 AS third`, sql`SELECT 4 AS fourth`]),
    ]);
    assert.deepEqual(
      results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason.code)),
      [[{first: 1}], '22012', [{second: 2}], '22012', [[{third: 3}], [{fourth: 4}]]],
    );
  });
});

test('an array of queries on a pool is one write and one round trip', async () => {
  const tap = await openWireTap(postgres.url);
  try {
    await using db = createConnectionPool({connectionString: tap.url, poolSize: 1});
    await db.query(sql`SELECT 0`);
    tap.clear();
    await db.query([sql`SELECT 1`, sql`SELECT 2`]);
    assert.deepEqual([tap.flights, tap.chunks], [['PDBEPDBEPDBEPDBES'], 1]);
    tap.clear();
    await db.query([sql`SELECT 3`, sql`SELECT 4`]);
    assert.equal(tap.flights.length, 1);
    tap.clear();
    await db.query(sql`SELECT 5; SELECT 6`);
    assert.equal(tap.flights.length, 1);
  } finally {
    await tap.close();
  }
});

test('a value that cannot be sent fails the whole array before a byte of it is sent', async () => {
  const tap = await openWireTap(postgres.url);
  try {
    await using db = createConnectionPool({connectionString: tap.url, poolSize: 1});
    await db.query(sql`SELECT 0`);
    tap.clear();
    await assert.rejects(db.query([sql`SELECT 1`, sql`SELECT ${'\0'}::text`]), {
      name: 'ValueError',
      sent: 'no',
    });
    assert.deepEqual(tap.flights, []);
    await assert.rejects(
      db.tx((tx) => tx.query(sql`SELECT ${'\0'}::text`)),
      {name: 'ValueError'},
    );
    assert.deepEqual(tap.flights, []);
    assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
  } finally {
    await tap.close();
  }
});
