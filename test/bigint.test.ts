/** int8 in the three ways of the option bigIntMode, none of which rounds. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import type {Queryable} from '@databases/pg';
import * as fc from 'fast-check';
import {useDatabase} from './support/database';
import {readAsBinary, readAsText} from './support/formats';
import {int8} from './support/literals';

const database = useDatabase();

const MAX = '9223372036854775807';
const MIN = '-9223372036854775808';
const SAFE = [String(Number.MAX_SAFE_INTEGER), String(Number.MIN_SAFE_INTEGER), '0', '-1'];

async function inEachFormat(
  db: Queryable,
  check: (read: typeof readAsText, task: Queryable) => Promise<void>,
): Promise<void> {
  for (const read of [readAsText, readAsBinary]) await db.task((task) => check(read, task));
}

test('by default an int8 is a number', async () => {
  await inEachFormat(database.db, async (read, task) => {
    assert.deepEqual(await read(task, 'int8', [...SAFE, null]), [...SAFE.map(Number), null]);
    assert.deepEqual(await read(task, 'int8[]', [`{{${SAFE[0]}},{NULL}}`]), [
      [[Number(SAFE[0])], [null]],
    ]);
  });
});

test('a number that would be rounded is an error with the column and the option', async () => {
  await inEachFormat(database.db, async (read, task) => {
    for (const literal of [MAX, MIN, '9007199254740992', '-9007199254740992', '9007199254740993']) {
      for (const [type, value] of [
        ['int8', literal],
        ['int8[]', `{1,${literal}}`],
      ] as const) {
        await assert.rejects(
          read(task, type, ['1'].slice(1).concat(value)),
          (error: Error & {code?: string}) => {
            assert.equal(error.code, 'PG_VALUE_OUT_OF_RANGE');
            assert.match(error.message, /column "value".*bigIntMode.*'bigint'.*'string'/s);
            assert.ok(!error.message.includes(literal), 'no value in the message');
            return true;
          },
        );
      }
    }
  });
  assert.deepEqual(await database.db.query(sql`SELECT 1::int8 AS one`), [{one: 1}]);
});

test('an int8 that cannot be read does not undo or repeat its statement', async () => {
  await database.db.query(sql`CREATE TABLE big (id int8)`);
  for (let use = 1; use <= 4; use++) {
    await assert.rejects(
      database.db.query(sql`INSERT INTO big VALUES (9007199254740993) RETURNING id`),
      {code: 'PG_VALUE_OUT_OF_RANGE'},
    );
    const [row] = await database.db.query(sql`SELECT count(*) AS count FROM big`);
    assert.equal(row.count, use);
  }
});

test('bigIntMode bigint gives bigints, in arrays as well', async () => {
  const db = database.pool({bigIntMode: 'bigint'});
  await inEachFormat(db, async (read, task) => {
    assert.deepEqual(await read(task, 'int8', [MAX, MIN, '0', null]), [
      BigInt(MAX),
      BigInt(MIN),
      0n,
      null,
    ]);
    assert.deepEqual(await read(task, 'int8[]', [`{${MAX},NULL}`, '{}']), [
      [BigInt(MAX), null],
      [],
    ]);
  });
});

test('bigIntMode string gives the digits, in arrays as well', async () => {
  const db = database.pool({bigIntMode: 'string'});
  await inEachFormat(db, async (read, task) => {
    assert.deepEqual(await read(task, 'int8', [MAX, MIN, '0', null]), [MAX, MIN, '0', null]);
    assert.deepEqual(await read(task, 'int8[]', [`{${MAX},NULL}`, '{}']), [[MAX, null], []]);
  });
});

test('the older option bigIntAsString gives the digits', async () => {
  const db = database.pool({bigIntAsString: true});
  assert.deepEqual(await db.query(sql`SELECT 1::int8 AS one`), [{one: '1'}]);
});

test('text and binary agree on every int8, in every mode', async () => {
  for (const bigIntMode of ['bigint', 'string'] as const) {
    const db = database.pool({bigIntMode});
    await db.task(async (task) => {
      await fc.assert(
        fc.asyncProperty(fc.array(int8, {minLength: 50, maxLength: 50}), async (literals) => {
          const expected = literals.map((literal) =>
            bigIntMode === 'bigint' ? BigInt(literal) : literal,
          );
          assert.deepEqual(await readAsText(task, 'int8', literals), expected);
          assert.deepEqual(await readAsBinary(task, 'int8', literals), expected);
        }),
        {numRuns: 5},
      );
    });
  }
});

test('other integers and numeric do not depend on the mode', async () => {
  for (const bigIntMode of ['number', 'bigint', 'string'] as const) {
    const db = database.pool({bigIntMode});
    for (let use = 0; use < 4; use++) {
      assert.deepEqual(
        await db.query(
          sql`SELECT 1::int2 AS a, 2::int4 AS b, 3::oid AS c, 4::numeric AS d, ARRAY[5]::numeric[] AS e`,
        ),
        [{a: 1, b: 2, c: 3, d: '4', e: ['5']}],
      );
    }
  }
});

test('a bigIntMode that does not exist is refused when the pool is made', () => {
  const options = {connectionString: 'postgres://localhost/x', bigIntMode: 'float'};
  // As a program without types would call it.
  assert.throws(() => Reflect.apply(createConnectionPool, undefined, [options]), {
    code: 'PG_CONFIGURATION_INVALID',
    message: /bigIntMode/,
  });
});
