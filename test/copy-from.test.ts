import assert from 'node:assert/strict';
import {Readable} from 'node:stream';
import {test} from 'node:test';
import {sql} from '@databases/pg';
import type {CopyItem} from '@databases/pg';
import {processId} from './support/activity';
import {numbered, numbersTable} from './support/copy';
import {useDatabase} from './support/database';
import {failureOf} from './support/failure';

const database = useDatabase();

const reason = new Error('enough');
const isReason = (error: unknown) => error === reason;

/** A source that says how far it was read and whether it was closed. */
function watched(items: Iterable<CopyItem>) {
  const state = {read: 0, closed: 0};
  function* source() {
    let over = false;
    try {
      for (const item of items) {
        state.read++;
        yield item;
      }
      over = true;
    } finally {
      if (!over) state.closed++;
    }
  }
  return {state, source: source()};
}

async function* later<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

function* failing(after: number) {
  yield* numbered(after);
  throw reason;
}

test('rows are stored from every kind of source, and counted', async () => {
  const {db} = database;
  const {name, into} = await numbersTable(db);
  const sources = {
    array: () => [...numbered(3)],
    generator: () => numbered(3),
    asyncGenerator: () => later(numbered(3)),
    nodeStream: () => Readable.from(numbered(3)),
    webStream: () => Readable.toWeb(Readable.from(numbered(3))),
    objects: () => [...numbered(3)].map(([n, word]) => ({word, n, other: 1})),
    map: () => new Map(numbered(3)),
    rowsOfAQuery: () =>
      database
        .pool()
        .queryStream(sql`SELECT n, 'word ' || n AS word FROM generate_series(1, 3) AS n`),
    strings: () => ['1\two', 'rd 1\n2\tword 2\n', '3\tword 3\n'],
    bytes: () => [Buffer.from('1\tword 1\n2\two'), new Uint8Array(Buffer.from('rd 2\n3\tword 3'))],
    oneString: () => '1\tword 1\n2\tword 2\n3\tword 3\n',
    oneBuffer: () => Buffer.from('1\tword 1\n2\tword 2\n3\tword 3\n'),
  };
  for (const [kind, source] of Object.entries(sources)) {
    assert.equal(await db.copyFrom(into, source()), 3, kind);
    assert.deepEqual(
      await db.query(sql`DELETE FROM ${name} RETURNING n, word`),
      [...numbered(3)].map(([n, word]) => ({n, word})),
      kind,
    );
  }
});

test('any object that is no piece of data is a row, by its own and its inherited properties', async () => {
  const {db} = database;
  const {name, into} = await numbersTable(db);
  class Numbered {
    readonly n: number;
    constructor(n: number) {
      this.n = n;
    }
    get word() {
      return `word ${this.n}`;
    }
  }
  const bare = Object.assign(Object.create(null), {n: 2, word: 'word 2'});
  assert.equal(await db.copyFrom(into, [new Numbered(1), bare]), 2);
  assert.deepEqual(await db.query(sql`SELECT n, word FROM ${name} ORDER BY n`), [
    {n: 1, word: 'word 1'},
    {n: 2, word: 'word 2'},
  ]);
  await assert.rejects(db.copyFrom(into, [[3, 'three'], Promise.resolve([4, 'four'])]), {
    code: 'PG_INVALID_ARGUMENT',
  });
});

test('an array is read as its iterator reads it: up to what it has become, or as it says itself', async () => {
  const {db} = database;
  const {into} = await numbersTable(db);
  const growing: CopyItem[] = [];
  const row = (n: number) => ({
    n,
    get word() {
      if (n < 5) growing.push(row(n + 1));
      return 'x';
    },
  });
  growing.push(row(1));
  assert.equal(await db.copyFrom(into, growing), 5);
  class Doubled extends Array<CopyItem> {
    override *[Symbol.iterator](): ArrayIterator<CopyItem> {
      yield* [
        [11, 'a'],
        [12, 'b'],
      ];
    }
  }
  assert.equal(await db.copyFrom(into, new Doubled()), 2);
});

test('a source without items stores nothing, in every format', async () => {
  const {db} = database;
  const {name, into, count} = await numbersTable(db);
  for (const statement of [
    into,
    sql`COPY ${name} FROM STDIN (FORMAT binary)`,
    sql`COPY ${name} FROM STDIN (FORMAT csv, HEADER)`,
  ]) {
    assert.equal(await db.copyFrom(statement, []), 0);
  }
  assert.equal(await count(), 0);
});

test('what the statement says besides the format is kept', async () => {
  const {db} = database;
  const {name} = await numbersTable(db);
  const odd = sql`COPY ${name} (word, n) FROM STDIN WHERE n % 2 = 1`;
  assert.equal(
    await db.copyFrom(
      odd,
      [...numbered(5)].map(([n, word]) => [word, n]),
    ),
    3,
  );
  const csv = sql`COPY ${name} FROM STDIN WITH (FORMAT csv, HEADER, DELIMITER ';')`;
  assert.equal(await db.copyFrom(csv, 'n;word\n10;"a;b"\n'), 1);
  const text = sql`COPY ${name} FROM STDIN (FORMAT text)`;
  assert.equal(await db.copyFrom(text, [[11, 'tab\tline\nreturn\rback\\slash \\N']]), 1);
  assert.deepEqual(await db.query(sql`SELECT word FROM ${name} WHERE n IN (10, 11) ORDER BY n`), [
    {word: 'a;b'},
    {word: 'tab\tline\nreturn\rback\\slash \\N'},
  ]);
});

test('a table without a column list takes its columns, but not those it generates', async () => {
  const {db} = database;
  await db.query(sql`
    CREATE TABLE "Odd Names" ("from" INT, gone INT, twice INT GENERATED ALWAYS AS ("from" * 2) STORED, "A""b" TEXT);
    ALTER TABLE "Odd Names" DROP COLUMN gone`);
  assert.equal(await db.copyFrom(sql`COPY public."Odd Names" FROM STDIN`, [[1, 'x']]), 1);
  assert.equal(await db.copyFrom(sql`COPY "Odd Names" ("A""b") FROM STDIN`, [{'A"b': 'y'}]), 1);
  assert.deepEqual(await db.query(sql`SELECT * FROM "Odd Names" ORDER BY 1`), [
    {from: 1, twice: 2, 'A"b': 'x'},
    {from: null, twice: null, 'A"b': 'y'},
  ]);
});

test('a row that cannot be sent is named, nothing is stored, and the connection goes on', async () => {
  const {db} = database;
  const {into, count} = await numbersTable(db);
  const before = await processId(db);
  for (const [row, message] of [
    [[100_001, undefined], /^row 100001, column "word" is undefined/],
    [['secret', 'x'], /^row 100001, column "n" is not a whole number/],
    [[2 ** 31, 'x'], /^row 100001, column "n" is out of the range of int4/],
    [[1, 'x\0secret'], /^row 100001, column "word" has a NUL character at index 1/],
    [[1, 'x\ud800secret'], /^row 100001, column "word" has a lone surrogate at index 1/],
    [[1], /^row 100001 has 1 values where the COPY has 2 columns \(n, word\)/],
    [{n: 1}, /^row 100001, column "word" is undefined/],
  ] as const) {
    const {source, state} = watched([...numbered(100_000), row, [100_002, 'never read']]);
    const error = await failureOf(db.copyFrom(into, source));
    assert.equal(error.name, 'ValueError');
    assert.equal(error.code, 'PG_PARAMETER_INVALID');
    assert.match(error.message, message);
    assert.ok(!error.message.includes('secret'));
    assert.deepEqual(state, {read: 100_001, closed: 1});
  }
  assert.equal(await count(), 0);
  assert.equal(await processId(db), before);
});

test('items of another kind than the first are refused', async () => {
  const {db} = database;
  const {into, count} = await numbersTable(db);
  for (const items of [
    [[1, 'a'], '2\tb\n'],
    ['1\ta\n', [2, 'b']],
    [[1, 'a'], Buffer.from('x')],
  ]) {
    const error = await failureOf(db.copyFrom(into, items));
    assert.equal(error.code, 'PG_INVALID_ARGUMENT');
    assert.match(
      error.message,
      /^item 2 of the data is .* either all rows or all strings and bytes$/,
    );
  }
  assert.equal(await count(), 0);
});

test('what the source throws is what copyFrom rejects with, and nothing is stored', async () => {
  const {db} = database;
  const {into, count} = await numbersTable(db);
  const before = await processId(db);
  const sources = [failing(0), failing(5000), later(failing(5000)), Readable.from(failing(5000))];
  for (const source of sources) {
    await assert.rejects(db.copyFrom(into, source), isReason);
  }
  assert.equal(await count(), 0);
  assert.equal(await processId(db), before);
});

test('an error of the server says at which line; the source is read no further', async () => {
  const {db} = database;
  const {into, count} = await numbersTable(db);
  const before = await processId(db);
  const endless = watched(
    (function* () {
      for (;;) yield* [[7, 'seven']] as const;
    })(),
  );
  const duplicate = await failureOf(db.copyFrom(into, endless.source));
  assert.equal(duplicate.name, 'error');
  assert.equal(duplicate.code, '23505');
  assert.match(duplicate.message, /\(line 2 of the data\)$/);
  assert.match(String(Reflect.get(duplicate, 'where')), /^COPY numbers\d+, line 2/);
  assert.equal(endless.state.closed, 1);

  const text = await failureOf(db.copyFrom(into, ['1\ta\n2\tb\n', 'x\tc\n']));
  assert.equal(text.code, '22P02');
  assert.match(text.message, /\(line 3 of the data, column n\)$/);
  assert.equal(await count(), 0);
  assert.equal(await processId(db), before);
});

test('an error of the statement comes from the server, with its place', async () => {
  const {db} = database;
  const {name} = await numbersTable(db);
  for (const [statement, code] of [
    [sql`COPY missing (n) FROM STDIN`, '42P01'],
    [sql`COPY ${name} (n, missing) FROM STDIN`, '42703'],
    [sql`COPY ${name} (n, word) FROM STDIN WITH (FREEZE nonsense)`, '42601'],
  ] as const) {
    const {source, state} = watched(numbered(5));
    const error = await failureOf(db.copyFrom(statement, source));
    assert.equal(error.code, code);
    assert.equal(state.closed, 1);
  }
});

test('what is no COPY FROM STDIN, or does not go with rows, is refused before anything is sent', async () => {
  const {db} = database;
  const {name, into} = await numbersTable(db);
  for (const [statement, message] of [
    [sql`SELECT 1`, /is not a COPY/],
    [sql`COPY ${name} TO STDOUT`, /for the other direction there is copyTo\(\)/],
    [sql`COPY ${name} FROM '/etc/passwd'`, /run with query\(\)/],
    [sql`COPY ${name} FROM STDIN; SELECT 1`, /one statement only/],
    [sql`COPY ${name} FROM STDIN WHERE n > ${1}`, /COPY takes no parameters/],
    [sql`COPY ${name} FROM STDIN (FORMAT csv)`, /rows cannot be sent as csv/],
    [sql`COPY ${name} FROM STDIN (NULL 'x')`, /the option NULL says how text is written/],
    [sql`COPY ${name} FROM STDIN WITH DELIMITER 'x'`, /WITH \(FREEZE true, ...\)/],
  ] as const) {
    const error = await failureOf(db.copyFrom(statement, [[1, 'a']]));
    assert.equal(error.name, 'UsageError');
    assert.match(error.message, message);
  }
  await assert.rejects(db.query(into), /use copyFrom\(\)/);
  // @ts-expect-error -- a number is no source
  await assert.rejects(db.copyFrom(into, 7), {code: 'PG_INVALID_ARGUMENT'});
});
