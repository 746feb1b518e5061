/** Text and binary give the same value: a program never sees in which format a value came. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {sql} from '@databases/pg';
import * as fc from 'fast-check';
import {useDatabase} from './support/database';
import {raw, readAsBinary, readAsText} from './support/formats';
import {LITERALS} from './support/literals';

const database = useDatabase();

/** Values of one query. */
const VALUES = 60;
const RUNS = 6;

test('the two readers of these tests do read text and binary', async () => {
  // Only text depends on DateStyle, and the client refuses the styles that are ambiguous.
  await database.db.task(async (task) => {
    await task.query(sql`SET datestyle TO 'SQL, DMY'`);
    await assert.rejects(readAsText(task, 'date', ['2020-02-29']), {code: 'PG_VALUE_MALFORMED'});
    assert.deepEqual(await readAsBinary(task, 'date', ['2020-02-29']), [new Date(2020, 1, 29)]);
  });
});

for (const [type, literal] of Object.entries(LITERALS)) {
  test(`${type} is the same value in text and in binary`, async () => {
    await database.db.task(async (task) => {
      const literals = fc.array(fc.option(literal), {
        minLength: VALUES,
        maxLength: VALUES,
        size: 'max',
      });
      await fc.assert(
        fc.asyncProperty(literals, async (given) => {
          const text = await readAsText(task, type, given);
          assert.equal(text.length, VALUES);
          assert.deepEqual(await readAsBinary(task, type, given), text);
        }),
        {numRuns: RUNS},
      );
    });
  });

  test(`${type}[] is the same value in text and in binary`, async () => {
    await database.db.task(async (task) => {
      // As a text of text[], which the server turns into an array of the type.
      const element = fc.option(literal.map(quoted));
      const arrays = fc.array(arrayLiteral(element), {minLength: 10, maxLength: 20});
      await fc.assert(
        fc.asyncProperty(arrays, async (given) => {
          const text = await readAsText(task, `${type}[]`, given);
          assert.deepEqual(await readAsBinary(task, `${type}[]`, given), text);
        }),
        {numRuns: RUNS},
      );
    });
  });
}

/** Empty, one-dimensional and two-dimensional ones, and one that begins at -1. */
function arrayLiteral(element: fc.Arbitrary<string | null>): fc.Arbitrary<string | null> {
  const flat = (length: number) =>
    fc.array(element, {minLength: length, maxLength: length}).map(braced);
  return fc.oneof(
    fc.constantFrom('{}', null),
    fc.integer({min: 1, max: 5}).chain(flat),
    fc
      .integer({min: 1, max: 3})
      .chain((length) => fc.array(flat(length), {minLength: 1, maxLength: 3}).map(braced)),
    flat(3).map((literal) => `[-1:1]=${literal}`),
  );
}

function braced(elements: readonly (string | null)[]): string {
  return `{${elements.map((element) => element ?? 'NULL').join(',')}}`;
}

function quoted(element: string): string {
  return `"${element.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

test('a Buffer is the same in every setting of bytea_output', async () => {
  const bytes = Buffer.from(Array.from({length: 256}, (_, i) => i));
  const literal = `\\x${bytes.toString('hex')}`;
  await database.db.task(async (task) => {
    for (const output of ['hex', 'escape']) {
      await task.query(sql`SELECT set_config('bytea_output', ${output}, false)`);
      assert.deepEqual(await readAsText(task, 'bytea', [literal, '']), [bytes, Buffer.alloc(0)]);
      assert.deepEqual(await readAsText(task, 'bytea[]', [`{"\\${literal}",""}`]), [
        [bytes, Buffer.alloc(0)],
      ]);
      assert.deepEqual(await readAsBinary(task, 'bytea', [literal, '']), [bytes, Buffer.alloc(0)]);
    }
  });
});

test('an interval is the same in every IntervalStyle, read and sent', async () => {
  await database.db.task(async (task) => {
    const literals = [
      // Postgres 14 prints the smallest number of days with a wrong sign in postgres_verbose.
      ...fc
        .sample(LITERALS['interval'] ?? fc.constant('0'), 100)
        .filter((literal) => !literal.startsWith('-2147483648')),
      '2 mons 1 day -5 seconds',
      '2 mons -1 day',
    ];
    // A table, because in style sql_standard the server reads some literals differently.
    await task.query(sql`CREATE TEMP TABLE intervals (position int, value interval)`);
    await task.query(sql`
      INSERT INTO intervals
      SELECT position, literal::interval FROM unnest(${literals}::text[]) WITH ORDINALITY AS given (literal, position)`);
    const expected = await readAsBinary(task, 'interval', literals);
    for (const style of ['postgres', 'postgres_verbose', 'sql_standard', 'iso_8601']) {
      await task.query(sql`SELECT set_config('intervalstyle', ${style}, false)`);
      const uncached = raw(`/* ${style} */`);
      const rows = await task.query(sql`${uncached} SELECT value FROM intervals ORDER BY position`);
      assert.deepEqual(
        rows.map(({value}) => value),
        expected,
        style,
      );
      const sent = await task.query(
        sql`SELECT value FROM unnest(${expected}::interval[]) WITH ORDINALITY AS given (value, position) ORDER BY position`,
      );
      assert.deepEqual(
        sent.map(({value}) => value),
        expected,
        `sent in ${style}`,
      );
    }
  });
});

test('a float8 is the same in every extra_float_digits that keeps it whole', async () => {
  await database.db.task(async (task) => {
    const literals = fc.sample(LITERALS['float8'] ?? fc.constant('0'), 100);
    const expected = await readAsBinary(task, 'float8', literals);
    for (const digits of ['1', '3']) {
      await task.query(sql`SELECT set_config('extra_float_digits', ${digits}, false)`);
      assert.deepEqual(await readAsText(task, 'float8', literals), expected, digits);
    }
  });
});
