/** json and jsonb: any document in, the same document out, arrays included. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {sql} from '@databases/pg';
import * as fc from 'fast-check';
import {useDatabase} from './support/database';
import {raw} from './support/formats';

const database = useDatabase();

const DOCUMENTS = [
  {},
  [],
  [1, 2, 3],
  ['a', null],
  [[1], [2, 3]],
  [{a: 1}, {b: [{}]}],
  {a: {b: ['c', null, true, 1.5, '🏔', '"', '\\']}},
];

test('objects and arrays go into json and jsonb columns as they are', async () => {
  for (const type of ['json', 'jsonb']) {
    await database.db.query(sql`CREATE TABLE ${sql.ident(type)} (value ${raw(type)})`);
    for (const document of DOCUMENTS) {
      const rows = await database.db.query(
        sql`INSERT INTO ${sql.ident(type)} VALUES (${document}) RETURNING value`,
      );
      assert.deepEqual(rows, [{value: document}]);
      assert.deepEqual(await database.db.query(sql`SELECT ${document}::${raw(type)} AS value`), [
        {value: document},
      ]);
    }
  }
});

test('any document comes back as it was sent', async () => {
  // U+0000 in a string is JSON that jsonb refuses; -0 is 0 in the text of JSON.stringify.
  const document = fc
    .oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()))
    .filter((value) => !JSON.stringify(value).includes(String.raw`\u0000`))
    .map((value): unknown => JSON.parse(JSON.stringify(value)));
  for (const type of ['json', 'jsonb']) {
    await fc.assert(
      fc.asyncProperty(document, async (value) => {
        const [row] = await database.db.query(sql`SELECT ${value}::${raw(type)} AS value`);
        assert.deepEqual(row.value, value);
      }),
      {numRuns: 60},
    );
  }
});

test('a string for a json parameter is JSON text, so a program can send what it has', async () => {
  const [row] = await database.db.query(
    sql`SELECT ${'{"a": 1}'}::json AS object, ${JSON.stringify('a')}::jsonb AS string, ${'null'}::jsonb AS null, ${null}::jsonb AS nothing`,
  );
  assert.deepEqual(row, {object: {a: 1}, string: 'a', null: null, nothing: null});
});

test('numbers and booleans are JSON as they are', async () => {
  for (const value of [1, -1.5, true, false]) {
    assert.deepEqual(await database.db.query(sql`SELECT ${value}::jsonb AS value`), [{value}]);
  }
});

test('in a json[] and a jsonb[] each element is one document', async () => {
  for (const type of ['json[]', 'jsonb[]']) {
    for (const value of [[], DOCUMENTS, [{a: 1}, null, {b: 2}], [[1, 2], [3]], [[]]]) {
      for (let use = 0; use < 4; use++) {
        assert.deepEqual(
          await database.db.query(sql`SELECT ${value}::${raw(type)} AS value`),
          [{value}],
          JSON.stringify(value),
        );
      }
    }
    const [row] = await database.db.query(
      sql`SELECT array_ndims(${[[1], [2, 3]]}::${raw(type)}) AS dimensions`,
    );
    assert.equal(row.dimensions, 1);
  }
});

test('a Date and a toJSON in a document are what JSON makes of them', async () => {
  const at = new Date('2020-02-29T12:34:56.789Z');
  const document = {at, own: {toJSON: () => [1]}, left: undefined};
  assert.deepEqual(await database.db.query(sql`SELECT ${document}::jsonb AS value`), [
    {value: {at: '2020-02-29T12:34:56.789Z', own: [1]}},
  ]);
});

test('arrays go into a domain over json and into arrays of it', async () => {
  await database.db.query(
    sql`CREATE DOMAIN document AS jsonb CHECK (jsonb_typeof(VALUE) = 'array')`,
  );
  await database.db.query(sql`CREATE DOMAIN checked_document AS document`);
  await database.db.query(
    sql`CREATE TABLE documents (value document, checked checked_document, many document[])`,
  );
  const value = [1, {a: ['b']}];
  const many = [[1], [{a: 2}]];
  for (let use = 0; use < 4; use++) {
    assert.deepEqual(
      await database.db.query(
        sql`INSERT INTO documents VALUES (${value}, ${value}, ${many}) RETURNING value, checked, many`,
      ),
      [{value, checked: value, many}],
    );
  }
  await database.pool().task(async (task) => {
    assert.deepEqual(
      await task.query(sql`UPDATE documents SET value = ${value}, many = ${many} RETURNING value`),
      [{value}, {value}, {value}, {value}],
    );
  });
  await database.pool().tx(async (tx) => {
    await tx.query([
      sql`DELETE FROM documents WHERE ${1} = 1`,
      sql`INSERT INTO documents (value) VALUES (${value})`,
    ]);
    assert.deepEqual(await tx.query(sql`SELECT value FROM documents`), [{value}]);
  });
  const streamed = [];
  for await (const row of database
    .pool()
    .queryStream(sql`SELECT value FROM documents WHERE value = ${value}::document`)) {
    streamed.push(row);
  }
  assert.deepEqual(streamed, [{value}]);
});

test('arrays in a text of several statements go where each statement wants them', async () => {
  for (let use = 0; use < 3; use++) {
    const table = sql.ident(`several_${use}`);
    assert.deepEqual(
      await database.db.query(sql`
        CREATE TABLE ${table} (document jsonb, list int[]);
        INSERT INTO ${table} VALUES (${[1, [2]]}, ${[3, 4]});
        SELECT * FROM ${table} WHERE document = ${[1, [2]]}`),
      [{document: [1, [2]], list: [3, 4]}],
    );
  }
});

test('an object whose toPostgres gives an array is JSON in a json column and an array in another', async () => {
  const list = {toPostgres: () => [1, 2]};
  for (let use = 0; use < 4; use++) {
    assert.deepEqual(
      await database.db.query(sql`SELECT ${list}::jsonb AS json, ${list}::int[] AS array`),
      [{json: [1, 2], array: [1, 2]}],
    );
  }
});

test('numbers in a document are what JSON.parse makes of them', async () => {
  // Postgres' json keeps a number that is too large for a double; JSON.parse reads it as Infinity.
  for (let use = 0; use < 4; use++) {
    const [row] = await database.db.query(
      sql`SELECT '{"a": 1}'::json AS value, '1e400'::json AS huge`,
    );
    assert.deepEqual(row, {value: {a: 1}, huge: Infinity});
  }
});

test('a key named __proto__ is a key like any other', async () => {
  for (let use = 0; use < 4; use++) {
    const [row] = await database.db.query(
      sql`SELECT '{"__proto__": {"polluted": true}}'::jsonb AS value`,
    );
    assert.deepEqual(Object.keys(row.value), ['__proto__']);
    assert.equal(row.value.polluted, undefined);
  }
});

function checkAlike({n, b, j}: {n: number; b: unknown; j: unknown}): void {
  assert.deepEqual(b, {n, of: [n / 8, `é"${n}`], odd: n % 2 === 1});
  assert.deepEqual(j, {n, in: {text: 'x'.repeat(n % 200)}});
}

test('of thousands of documents that look alike each is its own, in a query and in a stream', async () => {
  const query = sql`
    SELECT n, jsonb_build_object('n', n, 'odd', n % 2 = 1, 'of', jsonb_build_array(n / 8.0, 'é"' || n)) AS b,
      json_build_object('n', n, 'in', json_build_object('text', repeat('x', n % 200))) AS j
    FROM generate_series(1, 4000) n ORDER BY n
  `;
  for (let use = 0; use < 4; use++) {
    const rows = await database.db.query(query);
    assert.equal(rows.length, 4000);
    for (const row of rows) checkAlike(row);
  }
  let streamed = 0;
  for await (const row of database.db.queryStream(query)) {
    checkAlike(row);
    streamed++;
  }
  assert.equal(streamed, 4000);
});
