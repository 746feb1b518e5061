/** Arrays as parameters, as columns, and both ways: JavaScript array → array of Postgres → JavaScript array. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {PostgresInterval, sql} from '@databases/pg';
import * as fc from 'fast-check';
import {useDatabase} from './support/database';
import {raw} from './support/formats';
import {text} from './support/literals';

const database = useDatabase();

/** What the server makes of the array: every use of one statement, so in text and in binary. */
async function roundTrip(value: unknown, type: string): Promise<unknown> {
  const results = [];
  for (let use = 0; use < 4; use++) {
    const [row] = await database.db.query(sql`SELECT ${value}::${raw(type)} AS value`);
    results.push(row.value);
  }
  for (const result of results) assert.deepEqual(result, results[0]);
  return results[0];
}

test('arrays come back as they were sent', async () => {
  const moment = new Date('2020-02-29T12:34:56.789Z');
  const cases: [string, unknown[]][] = [
    ['int4[]', [1, -2, null]],
    ['int4[]', []],
    ['int4[]', [null]],
    ['float8[]', [0.1, -0, NaN, Infinity, -Infinity, null]],
    ['bool[]', [true, false, null]],
    ['text[]', ['', 'NULL', 'null', 'a,b', '{c}', 'd"e', String.raw`f\g`, ' h ', '\n', '🏔', null]],
    ['numeric[]', ['12345678901234567890.123456789', '0.10', 'NaN', null]],
    ['bytea[]', [Buffer.from([0, 92, 34, 255]), Buffer.alloc(0), null]],
    ['date[]', [new Date(2020, 1, 29), Infinity, null]],
    ['timestamp[]', [new Date(2020, 1, 29, 13, 5, 6, 7), -Infinity]],
    ['timestamptz[]', [moment, Infinity, -Infinity, null]],
    ['interval[]', [new PostgresInterval({years: 1, days: -2, milliseconds: 0.5}), null]],
    ['uuid[]', ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', null]],
    ['box[]', ['(3,4),(1,2)', null, '(7,8),(5,6)']],
    [
      'int4[]',
      [
        [1, 2],
        [3, null],
      ],
    ],
    [
      'text[]',
      [
        [['a'], ['b']],
        [['c'], [null]],
      ],
    ],
    ['bytea[]', [[Buffer.from('a')], [Buffer.from('b')]]],
    ['int4[]', [[[[[[1]]]]]]],
  ];
  for (const [type, value] of cases) assert.deepEqual(await roundTrip(value, type), value, type);
});

test('an array of empty arrays is the empty array, because Postgres has no other', async () => {
  assert.deepEqual(await roundTrip([[], []], 'int4[]'), []);
});

test('a bigint in an array is exact', async () => {
  const [row] = await database.db.query(
    sql`SELECT ${[2n ** 63n - 1n, -(2n ** 63n)]}::int8[]::text AS value`,
  );
  assert.equal(row.value, '{9223372036854775807,-9223372036854775808}');
});

test('numeric[] keeps every digit', async () => {
  assert.deepEqual(await roundTrip(['0.1000000000000000000000000000000001'], 'numeric[]'), [
    '0.1000000000000000000000000000000001',
  ]);
});

test('an array with its own bounds begins at 0', async () => {
  for (let use = 0; use < 4; use++) {
    const [row] = await database.db.query(
      sql`SELECT '[-5:-4]={1,2}'::int4[] AS value, '[0:0][3:4]={{a,b}}'::text[] AS nested`,
    );
    assert.deepEqual(row, {value: [1, 2], nested: [['a', 'b']]});
  }
});

test('any text survives in an array, at any depth', async () => {
  const element = fc.option(text);
  const nested = fc.integer({min: 1, max: 4}).chain((length) =>
    fc.array(fc.array(element, {minLength: length, maxLength: length}), {
      minLength: 1,
      maxLength: 4,
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.array(element), nested), async (value) => {
      const [row] = await database.db.query(sql`SELECT ${value}::text[] AS value`);
      assert.deepEqual(row.value, value);
    }),
    {numRuns: 60},
  );
});

test('an array works where the server has to find out its type', async () => {
  await database.db.query(sql`CREATE TABLE tagged (id int PRIMARY KEY, tags text[], scores int[])`);
  await database.db.query(sql`INSERT INTO tagged VALUES (${1}, ${['a', 'b']}, ${[1, 2]})`);
  assert.deepEqual(await database.db.query(sql`SELECT * FROM tagged WHERE id = ANY(${[1, 2]})`), [
    {id: 1, tags: ['a', 'b'], scores: [1, 2]},
  ]);
  assert.deepEqual(
    await database.db.query(
      sql`SELECT * FROM UNNEST(${[1, 2]}::int[], ${['x', null]}::text[]) AS rows (id, name)`,
    ),
    [
      {id: 1, name: 'x'},
      {id: 2, name: null},
    ],
  );
});

test('an array in a query of several, in a task and in a transaction', async () => {
  const one = sql`SELECT ${[1]}::int[] AS value /* one */`;
  const two = sql`SELECT ${[2]}::int[] AS value /* two */`;
  const both = [[{value: [1]}], [{value: [2]}]];
  assert.deepEqual(await database.db.query([one, two]), both);
  assert.deepEqual(await database.db.query(sql`SELECT ${1}::int; SELECT ${[3]}::int[] AS value`), [
    {value: [3]},
  ]);
  await database.db.task(async (task) => {
    assert.deepEqual(await task.query(sql`SELECT ${[4]}::int[] AS value /* task */`), [
      {value: [4]},
    ]);
    assert.deepEqual(await task.query([sql`SELECT ${[5]}::int[] AS value /* in task */`, one]), [
      [{value: [5]}],
      [{value: [1]}],
    ]);
  });
  await database.db.tx(async (tx) => {
    assert.deepEqual(await tx.query(sql`SELECT ${[6]}::int[] AS value /* tx */`), [{value: [6]}]);
  });
  const rows = [];
  for await (const row of database.db.queryStream(sql`SELECT unnest(${[7, 8]}::int[]) AS value`)) {
    rows.push(row);
  }
  assert.deepEqual(rows, [{value: 7}, {value: 8}]);
});

test('arrays that Postgres cannot hold are refused before the statement is run', async () => {
  const deep = [[[[[[[1]]]]]]];
  for (const [value, message] of [
    [[[1], [2, 3]], /ragged/],
    [[1, [2]], /ragged/],
    [deep, /6 dimensions/],
    [[1, undefined], /\$1, element 2, is undefined/],
    [['a', '\ud800'], /\$1, element 2, has a lone surrogate/],
    [['a', '\0'], /\$1, element 2, has a NUL/],
    [[[new Date(NaN)]], /\$1, element 1\.1, is an invalid Date/],
  ] as const) {
    await assert.rejects(database.db.query(sql`SELECT ${value}::text[] AS value`), {
      code: 'PG_PARAMETER_INVALID',
      message,
    });
  }
  assert.deepEqual(await database.db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('parseArray nests as the text does', () => {
  const {db} = database;
  assert.deepEqual(db.parseArray('{{1,2},{3,NULL}}', Number), [
    [1, 2],
    [3, null],
  ]);
  assert.deepEqual(db.parseArray(String.raw`{"a\"b",""}`), ['a"b', '']);
  assert.throws(() => db.parseArray('1,2'), {code: 'PG_VALUE_MALFORMED'});
});
