/** The program's own parsers: by OID and by name, for scalars, arrays and domains, from the start and later. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {DataTypeID, sql} from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';
import {useDatabase} from './support/database';

const database = useDatabase();

const shout = (text: string) => `${text}!`;

/** Every use gives the same: the first, in which values are text, and later ones. */
async function always(db: ConnectionPool, query: ReturnType<typeof sql>, expected: unknown) {
  for (let use = 0; use < 4; use++) assert.deepEqual(await db.query(query), [expected]);
}

test('the types option is a Map, an object or a function', async () => {
  const query = sql`SELECT 5::int4 AS value, ARRAY[5, NULL] AS many, 6::int2 AS other`;
  const expected = {value: '5!', many: ['5!', null], other: 6};
  for (const types of [
    new Map([[DataTypeID.int4, shout]]),
    {[DataTypeID.int4]: shout},
    (registry: {setTypeParser(type: number, parser: (text: string) => unknown): void}) =>
      registry.setTypeParser(DataTypeID.int4, shout),
  ]) {
    await always(database.pool({types}), query, expected);
  }
});

test('a types function finds types by name, and the first query waits for it', async () => {
  await database.db.query(sql`CREATE SCHEMA named; CREATE TYPE named.mood AS ENUM ('sad')`);
  const found: string[] = [];
  const options = {
    types: async (registry: {
      getTypeParser(type: number): (text: string) => unknown;
      getTypeParser(type: string): Promise<(text: string) => unknown>;
      setTypeParser(type: string, parser: (text: string) => unknown): Promise<void>;
    }) => {
      const parseInteger = registry.getTypeParser(DataTypeID.int4);
      found.push(String(parseInteger('7')));
      const [parseDate] = await Promise.all([
        registry.getTypeParser('date'),
        registry.setTypeParser('Named.MOOD', shout),
      ]);
      found.push(String(parseDate('infinity')));
    },
  };
  const query = sql`SELECT 'sad'::named.mood AS value, ARRAY['sad']::named.mood[] AS many`;
  await always(database.pool(options), query, {value: 'sad!', many: ['sad!']});
  assert.deepEqual(found, ['7', 'Infinity']);
  assert.deepEqual(await database.pool(options).task((task) => task.query(query)), [
    {value: 'sad!', many: ['sad!']},
  ]);
  assert.deepEqual(await database.pool(options).tx((tx) => tx.query(query)), [
    {value: 'sad!', many: ['sad!']},
  ]);
  const streamed = [];
  for await (const row of database.pool(options).queryStream(query)) streamed.push(row);
  assert.deepEqual(streamed, [{value: 'sad!', many: ['sad!']}]);
});

test('registerTypeParser works by OID and by name, in any case, with and without a schema', async () => {
  const query = sql`SELECT 5::int4 AS value, ARRAY[[5], [NULL]]::int4[] AS many`;
  for (const type of [DataTypeID.int4, 'int4', 'INT4', 'pg_catalog.int4', 'PG_Catalog.Int4']) {
    const db = database.pool();
    // Used before, so that the statement is prepared with binary columns when the parser comes.
    await always(db, query, {value: 5, many: [[5], [null]]});
    assert.equal(await db.registerTypeParser(type, shout), shout);
    await always(db, query, {value: '5!', many: [['5!'], [null]]});
    assert.equal(await db.getTypeParser(type), shout);
  }
});

test('a parser holds for domains over the type, and for arrays of those', async () => {
  const db = database.pool();
  await db.query(sql`CREATE DOMAIN amount AS numeric CHECK (VALUE > 0)`);
  await db.registerTypeParser('numeric', Number);
  await always(db, sql`SELECT 1.5::amount AS value, ARRAY[1.5]::amount[] AS many, 2.5 AS plain`, {
    value: 1.5,
    many: [1.5],
    plain: 2.5,
  });
  // The server describes a column of a domain as its base type; only arrays say which domain it was.
  await db.registerTypeParser('amount', shout);
  await always(db, sql`SELECT 1.5::amount AS value, ARRAY[1.5]::amount[] AS many, 2.5 AS plain`, {
    value: 1.5,
    many: ['1.5!'],
    plain: 2.5,
  });
});

test('a parser for an array type gets the whole text', async () => {
  const db = database.pool();
  await db.registerTypeParser('_int4', (text) => db.parseArray(text, shout));
  await always(db, sql`SELECT '{{1,2},{3,NULL}}'::int4[] AS value, 1 AS one`, {
    value: [
      ['1!', '2!'],
      ['3!', null],
    ],
    one: 1,
  });
});

test('a parser for a composite type reads its fields', async () => {
  const db = database.pool();
  await db.query(sql`CREATE TYPE place AS (x int, name text)`);
  await db.registerTypeParser('place', (text) => {
    const [x, name] = db.parseComposite(text);
    return {x: Number(x), name};
  });
  await always(
    db,
    sql`SELECT ROW(1, 'a, b')::place AS value, ARRAY[ROW(2, NULL)]::place[] AS many`,
    {
      value: {x: 1, name: 'a, b'},
      many: [{x: 2, name: null}],
    },
  );
});

test('getTypeParser gives the parser in use', async () => {
  const {db} = database;
  const parseDate = await db.getTypeParser('date');
  assert.deepEqual(parseDate('2020-02-29'), new Date(2020, 1, 29));
  const parseIntegers = await db.getTypeParser('_int4');
  assert.deepEqual(parseIntegers('{1,NULL}'), [1, null]);
  assert.equal((await db.getTypeParser(DataTypeID.numeric))('1.50'), '1.50');
});

test('a name that is unknown, ambiguous or no name is refused, and says what to write', async () => {
  const {db} = database;
  await db.query(
    sql`CREATE SCHEMA a; CREATE SCHEMA b; CREATE TYPE a.twice AS (x int); CREATE TYPE b.twice AS (x int)`,
  );
  for (const [name, message] of [
    ['no_such_type', /no type named "no_such_type"/],
    ['pg_catalog.no_such_type', /no type named "pg_catalog\.no_such_type"/],
    ['no_such_schema.int4', /no type named "no_such_schema\.int4"/],
    ['twice', /2 types, in the schemas (a, b|b, a); write schema\.name/],
    ['a.b.c', /not a type name; write name or schema\.name/],
  ] as const) {
    await assert.rejects(db.getTypeParser(name), {code: 'PG_INVALID_ARGUMENT', message});
    await assert.rejects(db.registerTypeParser(name, shout), {
      code: 'PG_INVALID_ARGUMENT',
      message,
    });
  }
  assert.equal(await db.registerTypeParser('b.twice', shout), shout);
  await always(db, sql`SELECT ROW(1)::a.twice AS a, ROW(1)::b.twice AS b`, {a: '(1)', b: '(1)!'});
});

test('NULL never reaches a parser', async () => {
  const db = database.pool({types: new Map([[DataTypeID.text, () => assert.fail('called')]])});
  await always(db, sql`SELECT NULL::text AS value, ARRAY[NULL]::text[] AS many`, {
    value: null,
    many: [null],
  });
});

test('a parser that throws fails its query with the column, and the pool goes on', async () => {
  const db = database.pool();
  const failure = new Error('from the parser');
  await db.registerTypeParser('text', () => {
    throw failure;
  });
  for (let use = 0; use < 4; use++) {
    await assert.rejects(db.query(sql`SELECT 1 AS one, 'x'::text AS broken`), {
      code: 'PG_VALUE_MALFORMED',
      message: /column "broken" of type text: from the parser/,
      cause: failure,
    });
    assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
  }
});

test('the parsers of a program do not reach the questions of the client itself', async () => {
  const db = database.pool({
    types: new Map([
      [DataTypeID.oid, () => assert.fail('called')],
      [DataTypeID.int8, () => assert.fail('called')],
      [DataTypeID.text, () => assert.fail('called')],
      [DataTypeID.name, () => assert.fail('called')],
      [DataTypeID.bool, () => 'parsed'],
    ]),
  });
  await db.query(sql`CREATE TYPE inner_question AS ENUM ('a')`);
  assert.deepEqual(await db.query(sql`SELECT ARRAY['a']::inner_question[] AS value`), [
    {value: ['a']},
  ]);
  assert.equal(await db.registerTypeParser('inner_question', shout), shout);
  // Whether a lock was taken is the answer of a method, not a column of the program.
  await db.tx(async (tx) => {
    const other = database.pool();
    assert.equal(await tx.tryAdvisoryTxLock(1), true);
    assert.equal(await tx.tryAdvisoryTxLockShared(2), true);
    await other.tx(async (otherTx) => {
      assert.equal(await otherTx.tryAdvisoryTxLock(1), false);
      assert.equal(await otherTx.tryAdvisoryTxLockShared(1), false);
      assert.equal(await otherTx.tryAdvisoryTxLockShared(2), true);
      assert.equal(await otherTx.tryAdvisoryTxLock(2), false);
    });
  });
});

test('parsers of one pool do not reach another', async () => {
  const one = database.pool();
  const other = database.pool();
  await one.registerTypeParser('int4', shout);
  await always(one, sql`SELECT 1 AS value`, {value: '1!'});
  await always(other, sql`SELECT 1 AS value`, {value: 1});
});
