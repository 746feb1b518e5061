/** JavaScript values as parameters: what arrives, and what is refused before a byte is written. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {PostgresInterval, sql} from '@databases/pg';
import * as fc from 'fast-check';
import {useDatabase} from './support/database';
import {raw} from './support/formats';
import {text} from './support/literals';

const database = useDatabase();

async function roundTrip(value: unknown, type: string): Promise<unknown> {
  const [row] = await database.db.query(sql`SELECT ${value}::${raw(type)} AS value`);
  return row.value;
}

test('values come back as they were sent', async () => {
  const bytes = Buffer.from(Array.from({length: 256}, (_, i) => i));
  const moment = new Date('2020-02-29T12:34:56.789Z');
  const cases: [string, unknown][] = [
    ['int4', null],
    ['int2', -32768],
    ['int4', 2147483647],
    ['int8', Number.MAX_SAFE_INTEGER],
    ['float8', -0],
    ['float8', NaN],
    ['float8', Infinity],
    ['float8', -Infinity],
    ['float8', Number.MIN_VALUE],
    ['float8', Number.MAX_VALUE],
    ['float4', 0.1],
    ['numeric', '12345678901234567890.123456789'],
    ['bool', true],
    ['bool', false],
    ['text', ''],
    ['text', 'NULL'],
    ['text', '🏔 \u{10ffff} \ufffd'],
    ['timestamptz', moment],
    ['timestamptz', Infinity],
    ['timestamp', new Date(2020, 1, 29, 13, 5, 6, 789)],
    ['date', new Date(2020, 1, 29)],
    ['bytea', bytes],
    ['bytea', Buffer.alloc(0)],
    ['json', {a: [1, 'b', null]}],
    ['jsonb', {'': {}}],
    ['point', '(1,2)'],
    ['interval', new PostgresInterval({months: 14, days: -3, milliseconds: 0.001})],
  ];
  for (const [type, value] of cases) {
    for (let use = 0; use < 4; use++) {
      const read = await roundTrip(value, type);
      if (type === 'point') assert.deepEqual(read, {x: 1, y: 2});
      else if (type === 'interval')
        assert.deepEqual(
          read,
          new PostgresInterval({years: 1, months: 2, days: -3, milliseconds: 0.001}),
        );
      else assert.deepEqual(read, value, type);
    }
  }
});

test('a bigint is exact, whatever its size', async () => {
  for (const value of [2n ** 63n - 1n, -(2n ** 63n), 10n ** 40n]) {
    const [row] = await database.db.query(sql`SELECT ${value}::numeric::text AS value`);
    assert.equal(row.value, String(value));
  }
});

test('bytes of every kind are bytea, and of a view only what it shows', async () => {
  const {buffer} = new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7]);
  const cases: [unknown, number[]][] = [
    [new Uint8Array(buffer, 2, 3), [2, 3, 4]],
    [new Uint16Array(buffer, 4, 1), [4, 5]],
    [new DataView(buffer, 6), [6, 7]],
    [buffer, [0, 1, 2, 3, 4, 5, 6, 7]],
    [Buffer.from(buffer).subarray(1, 2), [1]],
  ];
  for (const [value, expected] of cases) {
    assert.deepEqual(await roundTrip(value, 'bytea'), Buffer.from(expected));
  }
});

test('any number is the same float8', async () => {
  await fc.assert(
    fc.asyncProperty(fc.double(), async (value) => {
      assert.equal(await roundTrip(value, 'float8'), value);
    }),
    {numRuns: 60},
  );
});

test('any text is the same text', async () => {
  await fc.assert(
    fc.asyncProperty(text, async (value) => {
      assert.equal(await roundTrip(value, 'text'), value);
    }),
    {numRuns: 60},
  );
});

test('an object with toPostgres is what that returns', async () => {
  assert.equal(await roundTrip({toPostgres: () => 5}, 'int4'), 5);
  assert.equal(await roundTrip({toPostgres: () => null}, 'int4'), null);
  assert.deepEqual(
    await roundTrip({toPostgres: () => Buffer.from('a')}, 'bytea'),
    Buffer.from('a'),
  );
  assert.deepEqual(await roundTrip({toPostgres: () => [1, 2]}, 'int4[]'), [1, 2]);
  const pair = {
    toPostgres: (prepare: (value: unknown) => unknown) =>
      `(${String(prepare(1))},${String(prepare(true))})`,
  };
  await database.db.query(sql`CREATE TYPE pair AS (a int, b bool)`);
  assert.equal(await roundTrip(pair, 'pair'), '(1,t)');
});

const cyclic: {self?: unknown} = {};
cyclic.self = cyclic;

const REFUSED: readonly [string, unknown, RegExp][] = [
  ['undefined', undefined, /\$1 is undefined; use null/],
  ['a function', () => 1, /\$1 is a function/],
  ['a symbol', Symbol('secret'), /\$1 is a symbol/],
  ['a promise', Promise.resolve(1), /\$1 is a Promise; await it/],
  ['an invalid Date', new Date(NaN), /\$1 is an invalid Date/],
  ['a lone high surrogate', 'secret\ud800', /\$1 has a lone surrogate at index 6/],
  ['a lone low surrogate', '\udc00secret', /\$1 has a lone surrogate at index 0/],
  ['NUL', 'secret\0', /\$1 has a NUL character at index 6/],
  ['a Map', new Map(), /\$1 is a Map/],
  ['a Set', new Set(), /\$1 is a Set/],
  ['a cyclic object', cyclic, /\$1 cannot be written as JSON/],
  ['a bigint in an object', {value: 1n}, /\$1 cannot be written as JSON/],
  [
    'a throwing getter',
    {
      get secret(): never {
        throw new Error('from the getter');
      },
    },
    /\$1 cannot be written as JSON.*see cause/,
  ],
  ['a toJSON of undefined', {toJSON: () => undefined}, /\$1 has a toJSON that returns undefined/],
];

test('what cannot be sent is refused before a connection is opened', async () => {
  let opened = 0;
  const db = database.pool({onConnectionOpened: () => void opened++});
  for (const [what, value, message] of REFUSED) {
    await assert.rejects(
      db.query(sql`SELECT ${value}`),
      (error: Error & {code?: string; sent?: string}) => {
        assert.match(error.message, message, what);
        assert.equal(error.code, 'PG_PARAMETER_INVALID', what);
        assert.equal(error.sent, 'no', what);
        assert.ok(!error.message.includes('secret'), 'no value in the message');
        return true;
      },
    );
  }
  assert.equal(opened, 0);
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
  assert.equal(opened, 1);
});

test('an object whose toPostgres fails is refused before the statement is run', async () => {
  await database.db.query(sql`CREATE TABLE converted (id int)`);
  for (const [value, message] of [
    [{toPostgres: () => assert.fail('no')}, /\$1 has a toPostgres that throws \(see cause\)/],
    [{toPostgres: () => undefined}, /\$1 is undefined/],
  ] as const) {
    for (let use = 0; use < 3; use++) {
      await assert.rejects(database.db.query(sql`INSERT INTO converted VALUES (${value})`), {
        code: 'PG_PARAMETER_INVALID',
        sent: 'no',
        message,
      });
    }
  }
  assert.deepEqual(await database.db.query(sql`SELECT * FROM converted`), []);
});

test('a refused parameter leaves a transaction as it was', async () => {
  await database.db.query(sql`CREATE TABLE kept (id int)`);
  await database.db.tx(async (tx) => {
    await assert.rejects(tx.query(sql`INSERT INTO kept VALUES (${undefined})`), {
      code: 'PG_PARAMETER_INVALID',
    });
    await tx.query(sql`INSERT INTO kept VALUES (${1})`);
    await assert.rejects(tx.query(sql`INSERT INTO kept VALUES (${[undefined]})`), {
      code: 'PG_PARAMETER_INVALID',
    });
    await assert.rejects(
      tx.query([sql`INSERT INTO kept VALUES (2)`, sql`INSERT INTO kept VALUES (${'\0'})`]),
      {code: 'PG_PARAMETER_INVALID'},
    );
    await tx.query(sql`INSERT INTO kept VALUES (${3})`);
  });
  assert.deepEqual(await database.db.query(sql`SELECT id FROM kept ORDER BY id`), [
    {id: 1},
    {id: 3},
  ]);
});

test('a refused parameter of one query of an array runs none of them', async () => {
  await database.db.query(sql`CREATE TABLE untouched (id int)`);
  await assert.rejects(
    database.db.query([sql`INSERT INTO untouched VALUES (1)`, sql`SELECT ${Symbol('a')}`]),
    {code: 'PG_PARAMETER_INVALID'},
  );
  assert.deepEqual(await database.db.query(sql`SELECT * FROM untouched`), []);
});

function list(count: number): ReturnType<typeof sql> {
  return sql.join(
    Array.from({length: count}, (_, i) => sql`${i}`),
    ',',
  );
}

test('65,535 parameters are sent, one more is refused', async () => {
  const [row] = await database.db.query(
    sql`SELECT array_length(ARRAY[${list(65_535)}]::int[], 1) AS count`,
  );
  assert.equal(row.count, 65_535);
  let opened = 0;
  const db = database.pool({onConnectionOpened: () => void opened++});
  await assert.rejects(db.query(sql`SELECT ARRAY[${list(65_536)}]::int[]`), {
    code: 'PG_PARAMETER_INVALID',
    message: /65536 parameters.*65535 at most/,
  });
  assert.equal(opened, 0);
});

test('a value that the server refuses is its error, without the value, and the pool goes on', async () => {
  await assert.rejects(database.db.query(sql`SELECT ${'x'}::int`), {code: '22P02'});
  assert.deepEqual(await database.db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});
