/** Types of the database's own: enums, domains, composites, ranges and types of extensions. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {sql} from '@databases/pg';
import {useDatabase} from './support/database';
import {raw} from './support/formats';

const database = useDatabase();

let lastSchema = 0;

/** A schema of the test's own, so that every test meets types that its pool has not seen. */
async function newSchema(): Promise<ReturnType<typeof sql>> {
  const schema = sql.ident(`types_${++lastSchema}`);
  await database.db.query(sql`CREATE SCHEMA ${schema}`);
  await database.db.query(sql`
    CREATE TYPE ${schema}.mood AS ENUM ('sad', 'so, "so"', 'happy', '');
    CREATE DOMAIN ${schema}.positive AS int CHECK (VALUE > 0);
    CREATE DOMAIN ${schema}.small AS ${schema}.positive CHECK (VALUE < 1000);
    CREATE DOMAIN ${schema}.moods AS ${schema}.mood[];
    CREATE TYPE ${schema}.pair AS (id int, name text);
    CREATE TYPE ${schema}.spans AS RANGE (subtype = float8);
    CREATE TABLE ${schema}.everything (
      mood ${schema}.mood, many_moods ${schema}.mood[], moods ${schema}.moods,
      positive ${schema}.positive, small ${schema}.small, smalls ${schema}.small[],
      pair ${schema}.pair, pairs ${schema}.pair[], span ${schema}.spans, spans ${schema}.spans[]);`);
  return schema;
}

const EVERYTHING = {
  mood: 'so, "so"',
  many_moods: ['sad', null, 'so, "so"', ''],
  moods: [['happy'], ['sad']],
  positive: 7,
  small: 8,
  smalls: [9, null],
  pair: '(1,"a,b")',
  pairs: ['(1,"a,b")', null, '(2,)'],
  span: '[1.5,2.5)',
  spans: ['[1.5,2.5)', null],
};

test('values of user types are the same the first time and later', async () => {
  const schema = await newSchema();
  const values = Object.values(EVERYTHING).map((value) => sql`${value}`);
  await database.db.query(sql`INSERT INTO ${schema}.everything VALUES (${sql.join(values, ',')})`);
  const db = database.pool();
  for (let use = 0; use < 4; use++) {
    assert.deepEqual(await db.query(sql`SELECT * FROM ${schema}.everything`), [EVERYTHING]);
  }
});

test('user types in a task, in a transaction, in an array of queries and in streams', async () => {
  const schema = await newSchema();
  const values = Object.values(EVERYTHING).map((value) => sql`${value}`);
  await database.db.query(sql`INSERT INTO ${schema}.everything VALUES (${sql.join(values, ',')})`);
  const all = sql`SELECT * FROM ${schema}.everything`;
  for (let use = 0; use < 3; use++) {
    // Each starts on a pool that knows nothing yet.
    assert.deepEqual(await database.pool().task((task) => task.query(all)), [EVERYTHING]);
    assert.deepEqual(await database.pool().tx((tx) => tx.query(all)), [EVERYTHING]);
    assert.deepEqual(await database.pool().query([all, sql`SELECT 1 AS one`]), [
      [EVERYTHING],
      [{one: 1}],
    ]);
    const streamed = [];
    for await (const row of database.pool().queryStream(all)) streamed.push(row);
    assert.deepEqual(streamed, [EVERYTHING]);
    const read = [];
    for await (const row of database.pool().queryNodeStream(all)) read.push(row);
    assert.deepEqual(read, [EVERYTHING]);
    await database.pool({prepare: false}).tx(async (tx) => {
      const inTransaction = [];
      for await (const row of tx.queryStream(all)) inTransaction.push(row);
      assert.deepEqual(inTransaction, [EVERYTHING]);
    });
  }
});

test('many queries at once that meet a new type all read it', async () => {
  const schema = await newSchema();
  const db = database.pool({poolSize: 4});
  const results = await Promise.all(
    Array.from({length: 40}, (_, i) =>
      db.query(sql`SELECT ${i}::int AS i, ARRAY['happy', NULL]::${schema}.mood[] AS moods`),
    ),
  );
  for (const [i, rows] of results.entries()) assert.deepEqual(rows, [{i, moods: ['happy', null]}]);
});

test('a type created after the pool started, also in a transaction that is not committed', async () => {
  const {db} = database;
  await db.tx(async (tx) => {
    await tx.query(sql`CREATE TYPE late AS ENUM ('a', 'b')`);
    for (let use = 0; use < 3; use++) {
      assert.deepEqual(await tx.query(sql`SELECT ARRAY['a']::late[] AS value`), [{value: ['a']}]);
    }
  });
  assert.deepEqual(await db.query(sql`SELECT ARRAY['a']::late[] AS value`), [{value: ['a']}]);
});

test('a type that is dropped and created again is read as what it is now', async () => {
  const {db} = database;
  for (const definition of ["ENUM ('1', '2')", '(a int)', 'RANGE (subtype = int4)']) {
    await db.query(sql`CREATE TYPE again AS ${raw(definition)}`);
    for (let use = 0; use < 3; use++) {
      const [row] = await db.query(sql`SELECT ARRAY[NULL]::again[] AS value`);
      assert.deepEqual(row.value, [null]);
    }
    await db.query(sql`DROP TYPE again`);
  }
});

test('a column whose type changes is read as its new type', async () => {
  const {db} = database;
  await db.query(sql`CREATE TYPE shade AS ENUM ('1', '2')`);
  await db.query(sql`CREATE TABLE changing (value int)`);
  await db.query(sql`INSERT INTO changing VALUES (1)`);
  for (const [type, value] of [
    ['int', 1],
    ['text', '1'],
    ['shade', '1'],
    ['shade[]', ['1']],
    ['jsonb', ['1']],
  ] as const) {
    const using =
      type === 'shade[]'
        ? raw('ARRAY[value]')
        : type === 'jsonb'
          ? raw('to_jsonb(value)')
          : raw(`value::text::${type}`);
    await db.query(sql`ALTER TABLE changing ALTER value TYPE ${raw(type)} USING ${using}`);
    for (let use = 0; use < 4; use++) {
      assert.deepEqual(await db.query(sql`SELECT * FROM changing`), [{value}], type);
    }
  }
});

test('an enum value added later is read', async () => {
  const {db} = database;
  await db.query(sql`CREATE TYPE growing AS ENUM ('a')`);
  const read = async () => db.query(sql`SELECT enum_range(NULL::growing) AS value`);
  for (let use = 0; use < 3; use++) assert.deepEqual(await read(), [{value: ['a']}]);
  await db.query(sql`ALTER TYPE growing ADD VALUE 'é'`);
  assert.deepEqual(await read(), [{value: ['a', 'é']}]);
});

test('parseComposite takes rows apart, NULL and the empty string apart too', async () => {
  const schema = await newSchema();
  const {db} = database;
  const [row] = await db.query(
    sql`SELECT ROW(NULL, ${'a"b\\c, (d)'})::${schema}.pair AS one, ROW(1, '')::${schema}.pair AS two`,
  );
  assert.deepEqual(db.parseComposite(row.one), [null, 'a"b\\c, (d)']);
  assert.deepEqual(db.parseComposite(row.two), ['1', '']);
  assert.throws(() => db.parseComposite('1,2'), {code: 'PG_VALUE_MALFORMED'});
});

test('a whole row of a table, and an anonymous record, are text', async () => {
  const {db} = database;
  await db.query(sql`CREATE TABLE whole (id int, name text)`);
  await db.query(sql`INSERT INTO whole VALUES (1, 'a b')`);
  for (let use = 0; use < 3; use++) {
    assert.deepEqual(
      await db.query(sql`SELECT whole, ARRAY[whole] AS many, ROW(1, 'x') AS record FROM whole`),
      [{whole: '(1,"a b")', many: ['(1,"a b")'], record: '(1,x)'}],
    );
  }
});

test('multiranges of user types', async () => {
  const schema = await newSchema();
  // CREATE TYPE ... AS RANGE makes the multirange type under the range's name with "multi" in it.
  const multirange = sql`${schema}.spans_multirange(${schema}.spans(1, 2))`;
  for (let use = 0; use < 3; use++) {
    assert.deepEqual(
      await database.db.query(sql`SELECT ${multirange} AS one, ARRAY[${multirange}] AS many`),
      [{one: '{[1,2)}', many: ['{[1,2)}']}],
    );
  }
});

test('types of extensions, where the server has them', async (t) => {
  const {db} = database;
  const available = await db.query(
    sql`SELECT name FROM pg_available_extensions WHERE name IN ('hstore', 'citext', 'ltree', 'cube')`,
  );
  const names = new Set(available.map(({name}) => name));
  const examples: [string, string, string][] = [
    ['citext', 'Ab', 'Ab'],
    ['hstore', '"a"=>"b"', '"a"=>"b"'],
    ['ltree', 'a.b', 'a.b'],
    ['cube', '(1, 2)', '(1, 2)'],
  ];
  for (const [extension, literal, value] of examples) {
    if (!names.has(extension)) {
      t.diagnostic(`${extension} is not available`);
      continue;
    }
    await db.query(sql`CREATE EXTENSION ${sql.ident(extension)}`);
    for (let use = 0; use < 4; use++) {
      const type = raw(extension);
      const [row] = await db.query(
        sql`SELECT ${literal}::${type} AS value, ARRAY[${literal}, NULL]::${type}[] AS many`,
      );
      assert.deepEqual(row, {value, many: [value, null]}, extension);
    }
  }
});
