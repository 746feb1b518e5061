/** What columns of each type become, on a real server. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {PostgresInterval, sql} from '@databases/pg';
import type {Queryable} from '@databases/pg';
import {useDatabase} from './support/database';
import {raw, readAsBinary, readAsText} from './support/formats';
import {postgresVersion} from './support/server';

const database = useDatabase();

interface Example {
  readonly type: string;
  readonly literal: string;
  readonly value: unknown;
  readonly since?: number;
}

// Local time: what `new Date(year, month, ...)` means is where the process runs.
const EXAMPLES: readonly Example[] = [
  {type: 'bool', literal: 't', value: true},
  {type: 'bytea', literal: '\\x00ff41', value: Buffer.from([0, 255, 65])},
  {type: '"char"', literal: 'x', value: 'x'},
  {type: 'name', literal: 'users', value: 'users'},
  {type: 'int2', literal: '-32768', value: -32768},
  {type: 'int4', literal: '2147483647', value: 2147483647},
  {type: 'int8', literal: '-9007199254740991', value: -9007199254740991},
  {type: 'oid', literal: '4294967295', value: 4294967295},
  {type: 'float4', literal: '0.1', value: 0.1},
  {type: 'float8', literal: '1e-300', value: 1e-300},
  {
    type: 'numeric',
    literal: '123456789012345678901234567890.50',
    value: '123456789012345678901234567890.50',
  },
  {type: 'money', literal: '12.50', value: '$12.50'},
  {type: 'text', literal: 'Zürich 🏔', value: 'Zürich 🏔'},
  {type: 'varchar(3)', literal: 'abc', value: 'abc'},
  {type: 'bpchar(3)', literal: 'a', value: 'a  '},
  {type: 'json', literal: '{"a": [1, null]}', value: {a: [1, null]}},
  {type: 'jsonb', literal: '[true]', value: [true]},
  {type: 'jsonpath', literal: '$."a"', value: '$."a"'},
  {type: 'xml', literal: '<a/>', value: '<a/>'},
  {
    type: 'uuid',
    literal: 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11',
    value: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
  },
  {type: 'date', literal: '2020-02-29', value: new Date(2020, 1, 29)},
  {
    type: 'timestamp',
    literal: '2020-02-29 13:05:06.789',
    value: new Date(2020, 1, 29, 13, 5, 6, 789),
  },
  {
    type: 'timestamptz',
    literal: '2020-02-29 13:05:06.789+00',
    value: new Date('2020-02-29T13:05:06.789Z'),
  },
  {type: 'time', literal: '13:05:06.5', value: '13:05:06.5'},
  {type: 'timetz', literal: '13:05:06.5+02', value: '13:05:06.5+02'},
  {type: 'interval', literal: '1 mon -2 days', value: new PostgresInterval({months: 1, days: -2})},
  {type: 'point', literal: '(1.5,-2)', value: {x: 1.5, y: -2}},
  {type: 'circle', literal: '<(1,2),3>', value: {x: 1, y: 2, radius: 3}},
  {type: 'line', literal: '{1,2,3}', value: '{1,2,3}'},
  {type: 'lseg', literal: '[(1,2),(3,4)]', value: '[(1,2),(3,4)]'},
  {type: 'box', literal: '(3,4),(1,2)', value: '(3,4),(1,2)'},
  {type: 'path', literal: '((1,2),(3,4))', value: '((1,2),(3,4))'},
  {type: 'polygon', literal: '((1,2),(3,4))', value: '((1,2),(3,4))'},
  {type: 'inet', literal: '10.0.0.1/8', value: '10.0.0.1/8'},
  {type: 'cidr', literal: '10.0.0.0/8', value: '10.0.0.0/8'},
  {type: 'macaddr', literal: '08:00:2b:01:02:03', value: '08:00:2b:01:02:03'},
  {type: 'macaddr8', literal: '08:00:2b:01:02:03:04:05', value: '08:00:2b:01:02:03:04:05'},
  {type: 'bit(3)', literal: '101', value: '101'},
  {type: 'varbit', literal: '10101', value: '10101'},
  {type: 'tsvector', literal: `'a' 'b'`, value: `'a' 'b'`},
  {type: 'tsquery', literal: `'a' & 'b'`, value: `'a' & 'b'`},
  {type: 'int2vector', literal: '1 2', value: '1 2'},
  {type: 'oidvector', literal: '1 2', value: '1 2'},
  {type: 'pg_lsn', literal: '16/B374D848', value: '16/B374D848'},
  {type: 'pg_snapshot', literal: '10:20:10,14', value: '10:20:10,14'},
  {type: 'xid', literal: '42', value: '42'},
  {type: 'xid8', literal: '42', value: '42'},
  {type: 'tid', literal: '(1,2)', value: '(1,2)'},
  {type: 'regclass', literal: 'pg_class', value: 'pg_class'},
  {type: 'regtype', literal: 'int4', value: 'integer'},
  {type: 'refcursor', literal: 'c', value: 'c'},
  {type: 'int4range', literal: '[1,5]', value: '[1,6)'},
  {type: 'numrange', literal: '(,1.5)', value: '(,1.5)'},
  {type: 'daterange', literal: 'empty', value: 'empty'},
  {type: 'tsrange', literal: '[2020-01-01,)', value: '["2020-01-01 00:00:00",)'},
  {type: 'int4multirange', literal: '{[1,2),[5,6)}', value: '{[1,2),[5,6)}'},
];

test('a value of each type is what the guide says, the first time and later', async () => {
  await database.db.task(async (task) => {
    for (const {type, literal, value} of EXAMPLES) {
      assert.deepEqual(await readAsText(task, type, [literal, null]), [value, null], type);
      assert.deepEqual(await readAsBinary(task, type, [literal, null]), [value, null], type);
    }
  });
});

test('an array of each type is an array of such values, the first time and later', async () => {
  await database.db.task(async (task) => {
    for (const {type, literal, value} of EXAMPLES) {
      for (const read of [readElementsAsText, readElementsAsBinary]) {
        assert.deepEqual(await read(task, type, literal), [value, null, value], `${type}[]`);
      }
    }
  });
});

let lastText = 0;

async function readElementsAsText(task: Queryable, type: string, literal: string) {
  const unique = raw(`/* array ${++lastText} */`);
  const [row] = await task.query(
    sql`${unique} SELECT ARRAY[${literal}::text::${raw(type)}, NULL, ${literal}::text::${raw(type)}] AS value`,
  );
  return row.value;
}

async function readElementsAsBinary(task: Queryable, type: string, literal: string) {
  let last: unknown;
  for (let use = 0; use < 4; use++) {
    const [row] = await task.query(
      sql`SELECT ARRAY[${literal}::text::${raw(type)}, NULL, ${literal}::text::${raw(type)}] AS value`,
    );
    last = row.value;
  }
  return last;
}

test('a column of every type the server has can be read', async () => {
  // Pseudo-types have no columns; anything else may be NULL, and its array may be empty.
  const types: {name: string}[] = await database.db.query(sql`
    SELECT format('%I.%I', nspname, typname) AS name
    FROM pg_type JOIN pg_namespace ON pg_namespace.oid = typnamespace
    WHERE typtype <> 'p' AND typname !~ '^(_)?pg_(toast|temp)' ORDER BY pg_type.oid`);
  assert.ok(types.length > 400, `${types.length} types`);
  const columns = types.map(({name}, i) => `NULL::${name} AS c${i}`);
  for (let from = 0; from < columns.length; from += 500) {
    const query = raw(`SELECT ${columns.slice(from, from + 500).join(', ')}`);
    for (let use = 0; use < 3; use++) {
      const [row] = await database.db.query(query);
      assert.ok(Object.values(row).every((value) => value === null));
    }
  }
});

test('an empty array of every type the server has is an empty array', async () => {
  const types: {name: string; array: string}[] = await database.db.query(sql`
    SELECT format('%I.%I', nspname, element.typname) AS name, format('%I.%I', nspname, arrays.typname) AS array
    FROM pg_type element JOIN pg_type arrays ON arrays.oid = element.typarray
    JOIN pg_namespace ON pg_namespace.oid = element.typnamespace
    WHERE element.typtype <> 'p' AND element.typname !~ '^pg_(toast|temp)' ORDER BY element.oid`);
  assert.ok(types.length > 200, `${types.length} types`);
  const query = raw(`SELECT ${types.map(({array}, i) => `'{}'::${array} AS c${i}`).join(', ')}`);
  for (let use = 0; use < 3; use++) {
    const [row] = await database.db.query(query);
    for (const [i, {name}] of types.entries()) assert.deepEqual(row[`c${i}`], [], name);
  }
});

test('of columns with the same name the last one stays', async () => {
  for (let use = 0; use < 3; use++) {
    const rows = await database.db.query(sql`SELECT 1 AS a, 'b' AS b, ARRAY[2] AS a`);
    assert.deepEqual(rows, [{a: [2], b: 'b'}]);
  }
});

test('a column named like a part of Object.prototype is a property like any other', async () => {
  for (let use = 0; use < 3; use++) {
    const [row] = await database.db.query(
      sql`SELECT '{"polluted": true}'::json AS __proto__, 1 AS constructor, 2 AS "toString"`,
    );
    assert.deepEqual(Object.keys(row), ['__proto__', 'constructor', 'toString']);
    assert.equal(Object.getPrototypeOf(row), Object.prototype);
    assert.deepEqual(Object.getOwnPropertyDescriptor(row, '__proto__')?.value, {polluted: true});
    assert.equal(row.polluted, undefined);
  }
});

test('a row can have as many columns as a select list can', async () => {
  for (const count of [200, 1600]) {
    const columns = Array.from({length: count}, (_, i) => `${i} AS c${i}`).join(', ');
    for (let use = 0; use < 3; use++) {
      const [row] = await database.db.query(raw(`SELECT ${columns}`));
      assert.equal(Object.keys(row).length, count);
      assert.equal(row[`c${count - 1}`], count - 1);
    }
  }
});

test('a row without columns is an empty object', async () => {
  for (let use = 0; use < 3; use++) {
    assert.deepEqual(await database.db.query(sql`SELECT FROM generate_series(1, 2)`), [{}, {}]);
  }
});

test('a megabyte of text and of bytes goes in and out unchanged', async () => {
  const bytes = Buffer.alloc(1_048_576, Buffer.from(Array.from({length: 251}, (_, i) => i)));
  for (const text of ['x'.repeat(1_048_576), 'é€🏔\u{10ffff}\u00a0\\"\''.repeat(100_000)]) {
    for (let use = 0; use < 3; use++) {
      const [row] = await database.db.query(
        sql`SELECT ${text}::text AS text, octet_length(${text}::text) AS length, ${bytes}::bytea AS bytes`,
      );
      assert.ok(row.text === text, 'the text is unchanged');
      assert.equal(row.length, Buffer.byteLength(text));
      assert.ok(bytes.equals(row.bytes), 'the bytes are unchanged');
    }
  }
});

test('a large bytea owns its memory, so that keeping it keeps nothing else', async () => {
  for (let use = 0; use < 4; use++) {
    const [row] = await database.db.query(
      sql`SELECT ${Buffer.alloc(20_000, 7)}::bytea AS bytes, repeat('x', 20000) AS more`,
    );
    assert.equal(row.bytes.buffer.byteLength, 20_000);
  }
});

test('COPY is refused with the reason, and the pool goes on', async () => {
  await database.db.query(sql`CREATE TABLE copied (id int)`);
  for (let use = 0; use < 3; use++) {
    for (const [query, direction] of [
      [sql`COPY copied FROM STDIN`, /COPY FROM STDIN/],
      [sql`COPY copied TO STDOUT`, /COPY TO STDOUT/],
      [sql`COPY (SELECT generate_series(1, 10000)) TO STDOUT`, /COPY TO STDOUT/],
    ] as const) {
      await assert.rejects(database.db.query(query), {
        code: 'PG_INVALID_ARGUMENT',
        message: direction,
      });
      assert.deepEqual(await database.db.query(sql`SELECT 1 AS one`), [{one: 1}]);
    }
  }
  assert.deepEqual(await database.db.query(sql`SELECT * FROM copied`), []);
});

test('COPY in a transaction is refused, and what else the transaction did is rolled back', async () => {
  await database.db.query(sql`CREATE TABLE copied_in_tx (id int)`);
  for (const query of [sql`COPY copied_in_tx FROM STDIN`, sql`COPY copied_in_tx TO STDOUT`]) {
    await assert.rejects(
      database.db.tx(async (tx) => {
        await tx.query(sql`INSERT INTO copied_in_tx VALUES (1)`);
        await tx.query(query);
      }),
      {code: 'PG_INVALID_ARGUMENT'},
    );
    assert.deepEqual(await database.db.query(sql`SELECT * FROM copied_in_tx`), []);
  }
});

test('infinite intervals are numbers, where Postgres has them', async () => {
  if (postgresVersion < 17) {
    const refused = database.db.query(sql`SELECT 'infinity'::interval`);
    await assert.rejects(refused, {code: '22007'});
    return;
  }
  await database.db.task(async (task) => {
    for (const read of [readAsText, readAsBinary]) {
      assert.deepEqual(await read(task, 'interval', ['infinity', '-infinity']), [
        Infinity,
        -Infinity,
      ]);
    }
  });
});
