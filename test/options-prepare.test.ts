/**
 * `prepare`: when statements have names, and that unnamed ones never rely on an earlier exchange;
 * `maxPreparedStatements`: how many have.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import type {ConnectionPoolConfig, Queryable, SQLQuery} from '@databases/pg';
import {allRows} from './support/rows';
import {useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {openWireTap} from './support/wire-tap';

const postgres = useServer({}, async (url) => {
  await using db = createConnectionPool(url);
  await db.query(sql`
    CREATE TYPE mood AS ENUM ('sad', 'happy');
    CREATE TABLE people AS SELECT id, 'happy'::mood AS mood FROM generate_series(1, 40) id;
  `);
});
forbidUnhandledErrors();

function poolOfOne(prepare: ConnectionPoolConfig['prepare'], url = postgres.url) {
  return createConnectionPool({connectionString: url, poolSize: 1, prepare});
}

async function preparedCount(db: Queryable): Promise<number> {
  const [row] = await db.query(
    sql`SELECT count(*)::int AS count FROM pg_prepared_statements WHERE statement LIKE '%/* looked for */' AND statement NOT LIKE '%count%'`,
  );
  return row.count;
}

const counts = [
  ['named', [1, 1, 1]],
  ['auto', [0, 1, 1]],
  ['never', [0, 0, 0]],
] as const;
for (const [prepare, expected] of counts) {
  test(`prepare: '${prepare}' names a statement from ${{named: 'its first use', auto: 'its second use', never: 'no use'}[prepare]} on`, async () => {
    await using db = poolOfOne(prepare);
    const seen: number[] = [];
    for (let i = 0; i < 3; i++) {
      await db.query(sql`SELECT ${i}::int AS value /* looked for */`);
      seen.push(await preparedCount(db));
    }
    assert.deepEqual(seen, expected);
  });
}

/** All the ways to run something, each with values whose type has to be asked for first. */
const ways: readonly (readonly [string, (db: Queryable) => Promise<unknown>])[] = [
  ['a query', (db) => db.query(sql`SELECT ${1}::int AS one`)],
  [
    'a query whose parameter types are asked for',
    (db) => db.query(sql`SELECT ${[1]}::int[] AS one`),
  ],
  ['an array of queries', (db) => db.query([sql`SELECT 1`, sql`SELECT ${2}::int`])],
  ['a text of several statements', (db) => db.query(sql`SELECT 1; SELECT ${2}::int AS two`)],
  ['a transaction', (db) => db.tx((tx) => tx.query(sql`SELECT ${[1]}::int[]`))],
  ['a type that is looked up', (db) => db.query(sql`SELECT mood FROM people LIMIT 1`)],
  ['a stream', (db) => allRows(db.queryStream(sql`SELECT id FROM people WHERE id > ${3}`))],
  [
    'a stream of a type that is looked up',
    (db) => allRows(db.queryStream(sql`SELECT array[mood] AS moods FROM people`)),
  ],
];
for (const [what, run] of ways) {
  test(`prepare: 'never' parses in the same write as it executes: ${what}`, async () => {
    const tap = await openWireTap(postgres.url);
    try {
      await using db = poolOfOne('never', tap.url);
      for (let i = 0; i < 3; i++) await run(db);
      // One Sync ends what a pooler may see as a transaction of its own.
      for (const part of tap.flights.join('').split('S')) {
        const isBoundUnparsed = /^[^P]*B/.test(part);
        assert.ok(!isBoundUnparsed, `${part} of ${tap.flights.join(' ')}`);
      }
      assert.match(tap.flights.join(''), /B.*E/);
    } finally {
      await tap.close();
    }
  });
}

/** A text of its own for every number, built at run time. */
function numbered(number: number): SQLQuery {
  return sql`SELECT ${sql.__dangerous__rawValue(String(number))}::int + ${1} AS sum`;
}

let looks = 0;

/** Asked for with another text each time, so that the question is never one of them. */
async function namesOf(db: Queryable): Promise<string[]> {
  const mark = sql.__dangerous__rawValue(`/* look ${++looks} */`);
  const rows = await db.query(
    sql`SELECT name FROM pg_prepared_statements WHERE statement NOT LIKE '%/* look %' ${mark}`,
  );
  return rows.map((row) => String(row.name)).sort();
}

for (const [most, prepare] of [
  [1, 'auto'],
  [16, 'auto'],
  [1, 'named'],
  [16, 'named'],
] as const) {
  test(`maxPreparedStatements keeps ${most} of ${most + 5} in turn (prepare: '${prepare}')`, async () => {
    await using db = createConnectionPool({
      connectionString: postgres.url,
      poolSize: 1,
      prepare,
      maxPreparedStatements: most,
    });
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < most + 5; i++) {
        assert.deepEqual(await db.query(numbered(i)), [{sum: i + 1}]);
      }
    }
    const names = await namesOf(db);
    assert.equal(names.length, most);
    await db.query(numbered(0));
    if (prepare === 'auto') assert.deepEqual(await namesOf(db), names);
  });
}

test('maxPreparedStatements keeps more than 2000 if it is told to, and then no text is parsed again', async () => {
  const tap = await openWireTap(postgres.url);
  try {
    const most = 2500;
    await using db = createConnectionPool({
      connectionString: tap.url,
      poolSize: 1,
      maxPreparedStatements: most,
    });
    const all = Array.from({length: most}, (_, i) => i);
    const round = () => Promise.all(all.map((i) => db.query(numbered(i))));
    await round();
    await round();
    const before = tap.flights.length;
    const answers = await round();
    assert.deepEqual(
      answers,
      all.map((i) => [{sum: i + 1}]),
    );
    const written = tap.flights.slice(before).join('');
    assert.match(written, /^[BES]+$/);
    assert.equal((await namesOf(db)).length, most);
  } finally {
    await tap.close();
  }
});

for (const prepare of ['auto', 'named'] as const) {
  test(`with room for one prepared statement everything works (prepare: '${prepare}')`, async () => {
    await using db = createConnectionPool({
      connectionString: postgres.url,
      poolSize: 2,
      prepare,
      maxPreparedStatements: 1,
    });
    for (let round = 0; round < 3; round++) {
      for (const [, run] of ways) await run(db);
      // Streams that were described and have yet to be bound, beside others who take the one name.
      await db.tx(async (tx) => {
        const streams = [1, 2, 3].map((least) =>
          allRows(
            tx.queryStream(sql`SELECT id, ${least}::int AS least FROM people WHERE id = ${least}`),
          ),
        );
        const queries = [4, 5].map((i) => tx.query(numbered(i)));
        const other = allRows(
          tx.queryStream(sql`SELECT id FROM people WHERE id < ${3} ORDER BY id`),
        );
        assert.deepEqual(
          await Promise.all(streams),
          [1, 2, 3].map((least) => [{id: least, least}]),
        );
        assert.deepEqual(await Promise.all(queries), [[{sum: 5}], [{sum: 6}]]);
        assert.deepEqual(await other, [{id: 1}, {id: 2}]);
      });
    }
  });
}

for (const prepare of ['auto', 'named', 'never'] as const) {
  test(`prepare: '${prepare}' gives the same rows every time, streamed as well`, async () => {
    await using db = poolOfOne(prepare);
    const text = sql`SELECT id, array[mood] AS moods FROM people WHERE id <= ${3} ORDER BY id`;
    const expected = [1, 2, 3].map((id) => ({id, moods: ['happy']}));
    for (let i = 0; i < 3; i++) {
      // The stream first: it is the one that meets the type when nobody has looked it up.
      assert.deepEqual(await allRows(db.queryStream(text, {batchSize: 2})), expected);
      assert.deepEqual(await db.query(text), expected);
    }
  });
}
