import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import {processId} from './support/activity';
import {firstRow} from './support/rows';
import {postgresVersion, useServer} from './support/server';
import {openWireTap} from './support/wire-tap';

const postgres = useServer();

const insertTag = (tag: string) =>
  sql`INSERT INTO described VALUES (${[tag]}, ${[{tag}]}) RETURNING tags, data`;

const tagRow = (tag: string) => ({tags: [tag], data: [{tag}]});

test('a query gives its rows', async () => {
  const db = createConnectionPool(postgres.url);
  assert.deepEqual(await db.query(sql`SELECT ${1}::int + 1 AS two`), [{two: 2}]);
  await db.dispose();
});

test('a statement that gives no rows gives an empty array', async () => {
  await using db = createConnectionPool(postgres.url);
  assert.deepEqual(await db.query(sql`CREATE TABLE no_rows (id int)`), []);
  assert.deepEqual(await db.query(sql`INSERT INTO no_rows VALUES (1)`), []);
  assert.deepEqual(await db.query(sql`UPDATE no_rows SET id = 2 RETURNING id`), [{id: 2}]);
});

test('of columns with the same name the last one counts', async () => {
  await using db = createConnectionPool(postgres.url);
  assert.deepEqual(await db.query(sql`SELECT 1 AS a, 2 AS b, 3 AS a`), [{a: 3, b: 2}]);
});

test('a column called __proto__ is a column like any other', async () => {
  await using db = createConnectionPool(postgres.url);
  const [row] = await db.query(sql`SELECT '{"polluted": true}'::json AS "__proto__"`);
  assert.equal(Object.getPrototypeOf(row), Object.prototype);
  assert.deepEqual(Object.entries(row), [['__proto__', {polluted: true}]]);
});

test('a text without a statement gives no rows and does not reach the server', async () => {
  // Nothing listens there.
  await using db = createConnectionPool('postgres://postgres@127.0.0.1:1/postgres');
  assert.deepEqual(await db.query(sql``), []);
  assert.deepEqual(await db.query(sql`;`), []);
  assert.deepEqual(await db.query(sql` ; ; `), []);
  assert.deepEqual(await db.query(sql`-- a comment`), []);
  assert.deepEqual(await db.query(sql`/* a comment */`), []);
  assert.deepEqual(await db.query([]), []);
  assert.deepEqual(await db.query([sql``, sql`;`]), [[], []]);
});

test('a text without a statement gives no rows in tasks and transactions either', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.task(async (task) => assert.deepEqual(await task.query(sql`-- a comment`), []));
  await db.tx(async (tx) => assert.deepEqual(await tx.query([sql``]), [[]]));
});

test('what is not a query is refused, wherever it is handed in', async () => {
  await using db = createConnectionPool(postgres.url);
  const wrong: unknown[] = [
    'SELECT 1',
    null,
    undefined,
    {text: 'SELECT 1'},
    ['SELECT 1'],
    [null],
    [sql`SELECT 1`, undefined],
  ];
  const refusal = {name: 'UsageError', code: 'PG_NOT_A_QUERY', sent: 'no'};
  for (const each of wrong) {
    // @ts-expect-error What JavaScript programs can do.
    await assert.rejects(db.query(each), refusal);
    // @ts-expect-error
    await db.task((task) => assert.rejects(task.query(each), refusal));
    // @ts-expect-error
    await db.tx((tx) => assert.rejects(tx.query(each), refusal));
  }
  // @ts-expect-error
  await assert.rejects(firstRow(db.queryStream('SELECT 1')), refusal);
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('the error of a wrong argument says what to write, and not what was given', async () => {
  await using db = createConnectionPool(postgres.url);
  // @ts-expect-error
  await assert.rejects(db.query("SELECT 'secret'"), (error: Error) => {
    assert.match(error.message, /sql tag/);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
  // @ts-expect-error
  await assert.rejects(db.query([sql`SELECT 1`, 'x']), /element 1/);
});

test('the rows of a text of several statements are those of the last', async () => {
  await using db = createConnectionPool(postgres.url);
  const rows = await db.query(sql`
    CREATE TEMP TABLE several (id int) ON COMMIT DROP;
    INSERT INTO several VALUES (${1}), (${2});
    SELECT ${'x'}::text AS x, count(*)::int AS count FROM several WHERE id < ${3};
  `);
  assert.deepEqual(rows, [{x: 'x', count: 2}]);
});

test('a text is only split where the server would split it', async () => {
  await using db = createConnectionPool(postgres.url);
  const one = async (query: ReturnType<typeof sql>) => {
    const [row] = await db.query(query);
    return row.value;
  };
  assert.equal(await one(sql`SELECT ';' AS value`), ';');
  assert.equal(await one(sql`SELECT E'it\\'s; x' AS value`), "it's; x");
  assert.equal(await one(sql`SELECT 1 /* ; /* ; nested */ ; */ AS value`), 1);
  assert.equal(await one(sql`SELECT 1/**/AS value -- ;`), 1);
  assert.equal(await one(sql`SELECT $$a;b$$ || $tag$;$$;$tag$ AS value`), 'a;b;$$;');
  assert.equal(await one(sql`SELECT 1 AS ";"; SELECT 2 AS value`), 2);
  assert.equal(await one(sql`SELECT '\\'; SELECT 2 AS value`), 2);
});

test('a function with a SQL-standard body is one statement', async () => {
  await using db = createConnectionPool(postgres.url);
  const rows = await db.query(sql`
    CREATE FUNCTION twice(x int) RETURNS int LANGUAGE sql
    BEGIN ATOMIC
      SELECT CASE WHEN x IS NULL THEN 0 END;
      SELECT x * 2;
    END;
    SELECT twice(${4}) AS eight;
  `);
  assert.deepEqual(rows, [{eight: 8}]);
});

test('several statements in one text are all or nothing', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.query(sql`CREATE TABLE all_or_nothing (id int PRIMARY KEY)`);
  const broken = sql`
    INSERT INTO all_or_nothing VALUES (1);
    INSERT INTO all_or_nothing VALUES (1);
  `;
  await assert.rejects(db.query(broken), {code: '23505'});
  await db.task((task) => assert.rejects(task.query(broken), {code: '23505'}));
  assert.deepEqual(await db.query(sql`SELECT * FROM all_or_nothing`), []);
});

test('what may not run in a transaction cannot be one of several statements', async () => {
  await using db = createConnectionPool(postgres.url);
  await assert.rejects(db.query(sql`VACUUM; SELECT 1`), {code: '25001'});
  assert.deepEqual(await db.query(sql`VACUUM`), []);
});

test('an error of the server does not cost the connection', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const before = await processId(db);
  await assert.rejects(db.query(sql`SELEC 1`), {code: '42601', name: 'error'});
  await assert.rejects(db.query(sql`SELECT 1/0`), {code: '22012'});
  await assert.rejects(db.query(sql`SELECT * FROM missing`), {code: '42P01'});
  await assert.rejects(db.query([sql`SELECT 1`, sql`SELECT 1/0`]), {code: '22012'});
  await db.tx((tx) => tx.query(sql`SELECT 1/0`)).catch(() => undefined);
  assert.equal(await processId(db), before);
});

test('the error of one query is not that of its neighbours', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 2});
  await db.query(sql`SELECT 1`);
  const results = await Promise.allSettled(
    Array.from({length: 40}, (_, i) => db.query(sql`SELECT 10 / ${i % 5}::int AS ratio`)),
  );
  results.forEach((result, i) => {
    assert.equal(result.status, i % 5 === 0 ? 'rejected' : 'fulfilled');
    if (result.status === 'fulfilled') {
      assert.deepEqual(result.value, [{ratio: Math.trunc(10 / (i % 5))}]);
    }
  });
});

test('queries whose parameter types the server has to be asked for work alone and among others', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.query(sql`CREATE TABLE described (tags text[], data jsonb)`);
  assert.deepEqual(await db.query(insertTag('a')), [tagRow('a')]);
  // A template that no connection was told of yet.
  const other = sql`UPDATE described SET tags = ${['b']} WHERE tags = ${['a']} RETURNING tags`;
  assert.deepEqual(await db.query([insertTag('c'), other]), [[tagRow('c')], [{tags: ['b']}]]);
  assert.deepEqual(
    await db.tx((tx) =>
      tx.query(sql`SELECT ${[1, 2]}::int[] AS list; SELECT ${[3]}::int[] AS list`),
    ),
    [{list: [3]}],
  );
  assert.deepEqual(await db.task((task) => task.query(sql`SELECT ${[5]}::int[] AS five`)), [
    {five: [5]},
  ]);
});

test('a query on a pool goes out in one write and comes back in one round trip', async () => {
  const tap = await openWireTap(postgres.url);
  try {
    await using db = createConnectionPool({connectionString: tap.url, poolSize: 1});
    await db.query(sql`SELECT 0`);
    for (const flight of ['PDBES', 'PDBES', 'BES', 'BES']) {
      tap.clear();
      assert.deepEqual(await db.query(sql`SELECT ${1}::int AS one`), [{one: 1}]);
      assert.deepEqual([tap.flights, tap.chunks], [[flight], 1]);
    }
  } finally {
    await tap.close();
  }
});

test(`the server under test is Postgres ${postgresVersion}`, async () => {
  await using db = createConnectionPool(postgres.url);
  const [row] = await db.query(sql`SHOW server_version_num`);
  assert.equal(Math.floor(Number(row.server_version_num) / 10_000), postgresVersion);
});
