/** Dates and times: instants, local clocks, the ends of the ranges, and the settings they do not depend on. */
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {test} from 'node:test';
import {promisify} from 'node:util';
import {sql} from '@databases/pg';
import {useDatabase} from './support/database';
import {readAsBinary, readAsText} from './support/formats';

const database = useDatabase();
const run = promisify(execFile);

for (const zone of ['UTC', 'America/New_York', 'Europe/London', 'Asia/Kolkata']) {
  test(`a process in ${zone} reads what it sent, and text as binary`, async () => {
    await run(process.execPath, [join(__dirname, 'support', 'dates.process.js'), database.url], {
      env: {...process.env, TZ: zone},
    });
  });
}

test('microseconds are dropped towards the past, before 1970 as well', async () => {
  const literals = [
    '2020-02-29 12:34:56.789999+00',
    '1969-12-31 23:59:59.999999+00',
    '0044-03-15 12:00:00.000999+00 BC',
  ];
  const expected = [
    '2020-02-29T12:34:56.789Z',
    '1969-12-31T23:59:59.999Z',
    '-000043-03-15T12:00:00.000Z',
  ];
  await database.db.task(async (task) => {
    for (const read of [readAsText, readAsBinary]) {
      assert.deepEqual(
        await read(task, 'timestamptz', literals),
        expected.map((at) => new Date(at)),
      );
    }
  });
});

test('infinity is a number, both ways', async () => {
  await database.db.task(async (task) => {
    for (const type of ['date', 'timestamp', 'timestamptz']) {
      for (const read of [readAsText, readAsBinary]) {
        assert.deepEqual(await read(task, type, ['infinity', '-infinity']), [Infinity, -Infinity]);
      }
    }
    assert.deepEqual(
      await task.query(sql`SELECT ${Infinity}::timestamptz AS a, ${-Infinity}::date AS b`),
      [{a: Infinity, b: -Infinity}],
    );
  });
});

test('a moment that no Date can hold is an error with the column, never an invalid Date', async () => {
  await database.db.task(async (task) => {
    for (const [type, literal] of [
      ['timestamptz', '294276-12-31 23:59:59.999999+00'],
      ['timestamptz', '275760-09-13 00:00:00.001+00'],
      ['timestamp', '294276-12-31 23:59:59'],
      ['date', '5874897-12-31'],
      ['date[]', '{5874897-12-31}'],
    ] as const) {
      for (const read of [readAsText, readAsBinary]) {
        await assert.rejects(read(task, type, [literal]), {
          code: 'PG_VALUE_OUT_OF_RANGE',
          message: /column "value" of type _?(date|timestamp|timestamptz).*cast it to text/,
        });
      }
    }
    for (const read of [readAsText, readAsBinary]) {
      assert.deepEqual(
        await read(task, 'timestamptz', ['275760-09-13 00:00:00+00', '4714-11-24 00:00:00+00 BC']),
        [new Date(8.64e15), new Date('-004713-11-24T00:00:00Z')],
      );
    }
  });
});

function local(year: number, month: number, day: number): Date {
  const date = new Date(2000, 0, 1);
  date.setFullYear(year, month - 1, day);
  return date;
}

test('a date is midnight in local time, in the first century and before it too', async () => {
  const literals = ['2020-02-29', '0099-12-31', '0001-01-01', '0001-12-31 BC', '4713-01-01 BC'];
  const expected = [
    local(2020, 2, 29),
    local(99, 12, 31),
    local(1, 1, 1),
    local(0, 12, 31),
    local(-4712, 1, 1),
  ];
  await database.db.task(async (task) => {
    for (const read of [readAsText, readAsBinary]) {
      assert.deepEqual(await read(task, 'date', literals), expected);
    }
  });
});

test('a DateStyle that is ambiguous is an error that says what to do, never a guess', async () => {
  await database.db.task(async (task) => {
    for (const style of ['SQL, MDY', 'German', 'Postgres, DMY']) {
      await task.query(sql`SELECT set_config('datestyle', ${style}, false)`);
      for (const type of ['date', 'timestamp', 'timestamptz']) {
        await assert.rejects(readAsText(task, type, ['2020-02-03']), {
          code: 'PG_VALUE_MALFORMED',
          message: /SET datestyle TO ISO/,
        });
      }
    }
    await task.query(sql`SET datestyle TO 'ISO, DMY'`);
    assert.deepEqual(await readAsText(task, 'date', ['2020-02-03']), [new Date(2020, 1, 3)]);
  });
});

test('a Date works wherever the server has to find out the type', async () => {
  await database.db.query(
    sql`CREATE TABLE happened (at timestamptz, on_day date, clock timestamp)`,
  );
  const at = new Date('2020-02-29T12:34:56.789Z');
  assert.deepEqual(
    await database.db.query(sql`INSERT INTO happened VALUES (${at}, ${at}, ${at}) RETURNING *`),
    [{at, on_day: new Date(at.getFullYear(), at.getMonth(), at.getDate()), clock: at}],
  );
  assert.deepEqual(
    await database.db.query(
      sql`SELECT 1 AS found FROM happened WHERE at = ${at} AND at <= ${at} AND clock = ${at}`,
    ),
    [{found: 1}],
  );
});
