import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import type {Queryable, SQLQuery} from '@databases/pg';
import {failureOf} from './support/failure';
import {useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {urlWith} from './support/url';

const postgres = useServer();
forbidUnhandledErrors();

/** How many statements a connection keeps. */
const LIMIT = 512;

function poolOfOne(options: {prepare?: boolean} = {}) {
  return createConnectionPool({connectionString: postgres.url, poolSize: 1, ...options});
}

/** A text of its own for every number. */
function statement(i: number): SQLQuery {
  return sql`SELECT ${sql.__dangerous__rawValue(String(i))}::int AS i`;
}

async function rowsOf(queryable: Queryable): Promise<unknown[]> {
  const rows = [];
  for await (const row of queryable.queryStream(sql`SELECT * FROM streamed`)) rows.push(row);
  return rows;
}

async function preparedTexts(db: Queryable): Promise<string[]> {
  const rows = await db.query(
    sql`SELECT statement FROM pg_prepared_statements WHERE statement NOT LIKE '%pg_prepared%'`,
  );
  return rows.map((row) => String(row.statement));
}

test('a text is sent unnamed at first, and prepared by name from its second use on', async () => {
  await using db = poolOfOne();
  const query = (id: number) => db.query(sql`SELECT ${id}::int AS id`);
  assert.deepEqual(await query(1), [{id: 1}]);
  assert.deepEqual(await preparedTexts(db), []);
  assert.deepEqual(await query(2), [{id: 2}]);
  assert.deepEqual(await preparedTexts(db), ['SELECT $1::int AS id']);
  assert.deepEqual(await query(3), [{id: 3}]);
  assert.deepEqual(await preparedTexts(db), ['SELECT $1::int AS id']);
});

test('prepare: false, and prepare=false in the URL, prepare nothing by name', async () => {
  await using byOption = poolOfOne({prepare: false});
  await using byUrl = createConnectionPool(
    urlWith(postgres.url, {parameters: {prepare: 'false', connection_limit: '1'}}),
  );
  for (const db of [byOption, byUrl]) {
    for (let id = 0; id < 4; id++) {
      assert.deepEqual(await db.query(sql`SELECT ${id}::int AS id`), [{id}]);
    }
    assert.deepEqual(await preparedTexts(db), []);
  }
});

test('a session keeps a bounded number of statements, the ones used last', async () => {
  await using db = poolOfOne();
  for (let i = 0; i < LIMIT + 50; i++) {
    await db.query(statement(i));
    assert.deepEqual(await db.query(statement(i)), [{i}]);
    // In use all the time, so it stays.
    await db.query(sql`SELECT 'favourite' AS name`);
  }
  const texts = await preparedTexts(db);
  assert.ok(texts.length <= LIMIT, `${texts.length}`);
  assert.ok(texts.length > LIMIT / 2, `${texts.length}`);
  assert.ok(texts.includes(`SELECT 'favourite' AS name`));
  assert.ok(texts.includes(`SELECT ${LIMIT + 49}::int AS i`));
  assert.ok(!texts.includes('SELECT 0::int AS i'));
  assert.deepEqual(await db.query(statement(0)), [{i: 0}]);
});

const changes: readonly (readonly [string, SQLQuery, Record<string, unknown>])[] = [
  ['another type', sql`ALTER TABLE changing ALTER COLUMN id TYPE text`, {id: '1'}],
  ['another column', sql`ALTER TABLE changing ADD COLUMN extra int DEFAULT 2`, {id: 1, extra: 2}],
  [
    'another table of the name',
    sql`DROP TABLE changing; CREATE TABLE changing AS SELECT true AS yes`,
    {yes: true},
  ],
];
for (const [what, change, row] of changes) {
  test(`a prepared SELECT * follows its table to ${what}`, async () => {
    await using admin = createConnectionPool(postgres.url);
    await admin.query(sql`DROP TABLE IF EXISTS changing; CREATE TABLE changing AS SELECT 1 AS id`);
    await using db = poolOfOne();
    const query = () => db.query(sql`SELECT * FROM changing`);
    for (let i = 0; i < 3; i++) assert.deepEqual(await query(), [{id: 1}]);
    await admin.query(change);
    // Several at once: each of them meets the old description.
    assert.deepEqual(await Promise.all([query(), query(), query()]), [[row], [row], [row]]);
    assert.deepEqual(await query(), [row]);
  });
}

test('inside a transaction a stale statement is an error, and the next transaction works', async () => {
  await using admin = createConnectionPool(postgres.url);
  await admin.query(sql`CREATE TABLE stale AS SELECT 1 AS id`);
  await using db = poolOfOne();
  const query = () => db.tx((tx) => tx.query(sql`SELECT * FROM stale`));
  for (let i = 0; i < 3; i++) assert.deepEqual(await query(), [{id: 1}]);
  await admin.query(sql`ALTER TABLE stale ALTER COLUMN id TYPE text`);
  assert.equal((await failureOf(query())).code, '0A000');
  assert.deepEqual(await query(), [{id: '1'}]);
});

test('a stream of a stale statement begins again, and rejects where a transaction is open', async () => {
  await using admin = createConnectionPool(postgres.url);
  await admin.query(sql`CREATE TABLE streamed AS SELECT 1 AS id`);
  await using db = poolOfOne();
  for (let i = 0; i < 3; i++) assert.deepEqual(await rowsOf(db), [{id: 1}]);
  await admin.query(sql`ALTER TABLE streamed ALTER COLUMN id TYPE text`);
  assert.deepEqual(await rowsOf(db), [{id: '1'}]);
  await admin.query(sql`ALTER TABLE streamed ADD COLUMN extra int DEFAULT 2`);
  assert.equal((await failureOf(db.tx(rowsOf))).code, '0A000');
  assert.deepEqual(await db.tx(rowsOf), [{id: '1', extra: 2}]);
});

test('DEALLOCATE ALL is noticed and healed', async () => {
  await using db = poolOfOne();
  await db.task(async (task) => {
    const query = () => task.query(sql`SELECT ${1}::int AS one`);
    for (let i = 0; i < 3; i++) await query();
    await task.query(sql`DEALLOCATE ALL`);
    assert.deepEqual(await preparedTexts(task), []);
    assert.deepEqual(await query(), [{one: 1}]);
    assert.deepEqual(await Promise.all([query(), query()]), [[{one: 1}], [{one: 1}]]);
  });
  assert.deepEqual(await db.query(sql`SELECT ${1}::int AS one`), [{one: 1}]);
});

test('a statement that could not be prepared is tried afresh', async () => {
  await using db = poolOfOne();
  const query = () => db.query(sql`SELECT * FROM later`);
  for (let i = 0; i < 3; i++) assert.equal((await failureOf(query())).code, '42P01');
  await db.query(sql`CREATE TABLE later AS SELECT 1 AS id`);
  for (let i = 0; i < 3; i++) assert.deepEqual(await query(), [{id: 1}]);
});

test('connections of a pool prepare each for itself', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 4});
  for (let round = 0; round < 4; round++) {
    const rows = await Promise.all(
      Array.from({length: 16}, (_, i) =>
        db.tx((tx) => tx.query(sql`SELECT ${i}::int AS i, pg_sleep(0.001) IS NULL AS slept`)),
      ),
    );
    assert.deepEqual(
      rows.map(([row]) => row.i),
      rows.map((_, i) => i),
    );
  }
});
