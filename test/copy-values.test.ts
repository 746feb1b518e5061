/** What rows of a copyFrom are in the table: the same as parameters, in whichever format they were sent. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inspect} from 'node:util';
import {PostgresInterval, sql} from '@databases/pg';
import * as fc from 'fast-check';
import {useDatabase} from './support/database';
import {failureOf} from './support/failure';

const database = useDatabase();

const given = (value: unknown) => ({toPostgres: () => value});

let tables = 0;
/** Stores values in a column of this type in three ways, and gives what each of them left there. */
async function storedIn(type: string, values: readonly unknown[]) {
  const {db} = database;
  const name = sql.ident(`values${++tables}`);
  const typeName = sql.__dangerous__rawValue(type);
  await db.query(sql`CREATE TABLE ${name} (way TEXT, i INT, value ${typeName})`);
  const rows = (way: string) => values.map((value, i) => [way, i, value]);
  await db.copyFrom(sql`COPY ${name} FROM STDIN`, rows('copy'));
  await db.copyFrom(sql`COPY ${name} FROM STDIN (FORMAT text)`, rows('text'));
  for (const [i, value] of values.entries()) {
    await db.query(sql`INSERT INTO ${name} VALUES ('parameter', ${i}, ${value}::${typeName})`);
  }
  const texts = async (way: string): Promise<(string | null)[]> => {
    const found = await db.query(
      sql`SELECT value::text AS text FROM ${name} WHERE way = ${way} ORDER BY i`,
    );
    return found.map(({text}: {text: string | null}) => text);
  };
  const stored = {
    copy: await texts('copy'),
    text: await texts('text'),
    parameter: await texts('parameter'),
  };
  await db.query(sql`DROP TABLE ${name}`);
  return stored;
}

const word = fc.string({unit: 'binary'}).map((text) => text.replaceAll('\0', ''));
const date = fc.date({
  min: new Date('-004000-01-01T00:00:00Z'),
  max: new Date('+200000-01-01T00:00:00Z'),
  noInvalidDate: true,
});
const infinite = fc.constantFrom(Infinity, -Infinity, 'infinity', '-infinity');
const digits = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    fc.stringMatching(/^\d{1,40}(\.\d{0,40})?$/),
    fc.constantFrom('', 'e5', 'e-7', 'E+30', 'e-30'),
  )
  .map((parts) => parts.join(''));
const json: fc.Arbitrary<unknown> = fc.oneof(
  fc.dictionary(word, fc.oneof(word, fc.integer(), fc.constant(null))),
  fc.array(fc.oneof(word, fc.boolean())),
  word.map((text) => JSON.stringify(text)),
  fc.integer(),
  fc.boolean(),
);
const uuid = fc
  .uuid()
  .chain((text) =>
    fc.constantFrom(text, text.toUpperCase(), `{${text}}`, text.replaceAll('-', '')),
  );
const double = fc.double();
const isoTime = date.map((at) => {
  const text = at.toISOString().replace('Z', '');
  return text.startsWith('+') ? text.slice(1) : text.startsWith('-') ? '2020-02-29T12:00:00' : text;
});

const TYPES: Record<string, fc.Arbitrary<unknown>> = {
  bool: fc.oneof(fc.boolean(), fc.constantFrom('t', 'FALSE', 'yes', 'off', 1, 0)),
  int2: fc.integer({min: -32_768, max: 32_767}),
  int4: fc.oneof(fc.integer(), fc.integer().map(String), fc.constant(' +7 '), fc.constant(-0)),
  int8: fc.oneof(fc.maxSafeInteger(), fc.bigInt({min: -(2n ** 63n), max: 2n ** 63n - 1n})),
  oid: fc.nat({max: 4_294_967_295}),
  float4: fc.oneof(fc.float(), fc.constant(0.1)),
  float8: fc.oneof(double, double.map(String), fc.constantFrom(-0, '1e5', '.5', '7.')),
  numeric: fc.oneof(digits, double, fc.maxSafeInteger(), fc.bigInt()),
  'numeric(12, 3)': fc.oneof(fc.nat(1_000_000), fc.constantFrom('1.2345', '1.2355', 99_999_999)),
  text: fc.oneof(word, fc.integer(), fc.boolean(), date),
  'varchar(20)': fc.string({maxLength: 20}).map((text) => text.replaceAll('\0', '')),
  'char(5)': fc.constantFrom('abc', '', 'ab   '),
  name: fc.constantFrom('short', 'x'.repeat(100)),
  bytea: fc.oneof(fc.uint8Array(), fc.constantFrom('plain', 'é', String.raw`\x00ff`)),
  uuid,
  json,
  jsonb: json,
  date: fc.oneof(
    date,
    infinite,
    fc.constantFrom('2020-02-29', '0044-03-15 BC', '2020-02-29T23:00:00-05'),
  ),
  timestamp: fc.oneof(date, infinite, isoTime, fc.constantFrom('2020-02-29 01:02:03.000001')),
  timestamptz: fc.oneof(
    date,
    infinite,
    isoTime.map((text) => `${text}Z`),
    fc.constantFrom(
      '1969-12-31 23:59:59.999999+00',
      '2020-02-29T01:02:03.5-05:30',
      '0044-03-15 12:00Z BC',
    ),
  ),
  'int4[]': fc.oneof(
    fc.array(fc.oneof(fc.integer(), fc.constant(null))),
    fc.constantFrom([[1], [2]], [[], []], [[[1, null]]]),
  ),
  'text[]': fc.array(fc.oneof(word, fc.constant(null))),
  'timestamptz[]': fc.array(date),
  'jsonb[]': fc.array(fc.oneof(fc.constant(null), fc.dictionary(word, word), fc.constant([1, 2]))),
  'numeric[]': fc.array(digits),
  mood: fc.constantFrom('happy', 'sad'),
  'mood[]': fc.array(fc.constantFrom('happy', null)),
  small: fc.integer({min: 0, max: 9}),
  'small[]': fc.array(fc.integer({min: 0, max: 9})),
  // As text, and so all of the COPY.
  interval: fc.constantFrom('1 day', new PostgresInterval({hours: 2})),
  inet: fc.constantFrom('::1', '10.0.0.0/8'),
  int4range: fc.constantFrom('[1,5)', 'empty'),
  pair: fc.constantFrom('(1,"a,b")'),
};

test('a value is stored as it would be by a parameter, in the binary and in the text format', async () => {
  const {db} = database;
  await db.query(sql`
    CREATE TYPE mood AS ENUM ('happy', 'sad');
    CREATE DOMAIN small AS INT CHECK (VALUE < 10);
    CREATE TYPE pair AS (a INT, b TEXT)`);
  for (const [type, arbitrary] of Object.entries(TYPES)) {
    const values = [null, ...fc.sample(arbitrary, 40)];
    const {copy, text, parameter} = await storedIn(type, values);
    for (const i of values.keys()) {
      const shown = `${type}: ${inspect(values[i])}`;
      assert.equal(copy[i], parameter[i], shown);
      assert.equal(text[i], parameter[i], shown);
    }
  }
});

test('a value that only the server could read is refused, and the text format is named', async () => {
  const {db} = database;
  await db.query(sql`CREATE TABLE picky (t timestamptz, d date, n numeric, a int[], b bytea)`);
  const cases: readonly [string, unknown, unknown][] = [
    ['t', '2020-01-01 00:00', '2020-01-01 00:00'],
    ['d', 'Jan 5 2020', 'Jan 5 2020'],
    ['a', '{1,2}', '{1,2}'],
    ['b', String.raw`\001`, String.raw`\001`],
  ];
  for (const [column, refused, accepted] of cases) {
    const into = sql`COPY picky (${sql.ident(column)}) FROM STDIN`;
    const error = await failureOf(db.copyFrom(into, [[refused]]));
    assert.equal(error.name, 'ValueError');
    assert.match(error.message, new RegExp(`^row 1, column "${column}" is .*FORMAT text|offset`));
    assert.equal(await db.copyFrom(sql`${into} (FORMAT text)`, [[accepted]]), 1);
  }
  for (const day of ['2021-02-29', '2020-13-01', '2020-00-10', '2020-01-00', '1900-02-29']) {
    const error = await failureOf(db.copyFrom(sql`COPY picky (d) FROM STDIN`, [[day]]));
    assert.match(error.message, /is not a date of the calendar/);
  }
  await assert.rejects(db.copyFrom(sql`COPY picky (d) FROM STDIN`, [[new Date(Number.NaN)]]), {
    code: 'PG_PARAMETER_INVALID',
  });
});

test('numbers without room in their type are refused', async () => {
  const {db} = database;
  await db.query(
    sql`CREATE TABLE narrow (int2 int2, int4 int4, int8 int8, float4 float4, float8 float8)`,
  );
  for (const [column, value] of [
    ['int2', 32_768],
    ['int2', 1.5],
    ['int4', -2_147_483_649],
    ['int4', true],
    ['int8', 2n ** 63n],
    ['int8', 2 ** 63],
    ['float4', 1e39],
    ['float4', 1e-46],
    ['float8', '1e400'],
    ['float8', '1e-400'],
    ['float8', '0x10'],
  ] as const) {
    const into = sql`COPY narrow (${sql.ident(column)}) FROM STDIN`;
    await assert.rejects(db.copyFrom(into, [[value]]), {code: 'PG_PARAMETER_INVALID'}, column);
  }
});

test('an object with toPostgres is what that gives', async () => {
  const {db} = database;
  await db.query(sql`CREATE TABLE converted (n INT, d TIMESTAMPTZ, j JSONB)`);
  await db.copyFrom(sql`COPY converted FROM STDIN`, [
    [given(7), given(new Date(0)), given({a: 1})],
    [given(null), null, given(null)],
  ]);
  assert.deepEqual(await db.query(sql`SELECT * FROM converted`), [
    {n: 7, d: new Date(0), j: {a: 1}},
    {n: null, d: null, j: null},
  ]);
});
