import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {DataTypeID, sql} from '@databases/pg';
import type {Queryable} from '@databases/pg';
import {processId, whenNotRunning, whenRunning} from './support/activity';
import {allRows, firstRow} from './support/rows';
import {useServer} from './support/server';
import {openWireTap} from './support/wire-tap';

const postgres = useServer();

const numbers = (count: number) => sql`SELECT i FROM generate_series(1, ${count}::int) AS i`;
const upTo = (count: number) => Array.from({length: count}, (_, index) => ({i: index + 1}));

/** As text, which no parser of these tests changes. */
async function backendOf(db: Queryable): Promise<unknown> {
  return db.query(sql`SELECT pg_backend_pid()::text AS pid`);
}

async function toTheEnd(rows: AsyncIterator<unknown>): Promise<void> {
  for (;;) if ((await rows.next()).done === true) return;
}

const readAndGoOn = async (queryable: Queryable) => {
  assert.deepEqual(await allRows(queryable.queryStream(numbers(40))), upTo(40));
  assert.deepEqual(await firstRow(queryable.queryStream(numbers(4000))), {i: 1});
  assert.deepEqual(await queryable.query(sql`SELECT 1 AS one`), [{one: 1}]);
};

test('a stream gives all rows in order, whatever the size of its batches', async () => {
  await using db = createConnectionPool(postgres.url);
  for (const count of [0, 1, 16, 17, 1000]) {
    assert.deepEqual(await allRows(db.queryStream(numbers(count))), upTo(count));
    for (const batchSize of [1, 7, 1000, 5000]) {
      assert.deepEqual(await allRows(db.queryStream(numbers(count), {batchSize})), upTo(count));
    }
  }
});

test('tasks and transactions stream as well, and go on afterwards', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  await db.task(readAndGoOn);
  await db.tx(readAndGoOn);
  await db.tx((tx) => tx.tx(readAndGoOn));
});

test('a stream sees what its transaction wrote', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.tx(async (tx) => {
    await tx.query(sql`CREATE TEMP TABLE own (i int) ON COMMIT DROP`);
    await tx.query(sql`INSERT INTO own VALUES (1), (2)`);
    assert.deepEqual(await allRows(tx.queryStream(sql`SELECT i FROM own ORDER BY i`)), upTo(2));
  });
});

test('a stream may be the first thing in a transaction', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.query(sql`CREATE TABLE streamed (i int)`);
  const insert = sql`INSERT INTO streamed VALUES (1) RETURNING i`;
  const run = db.tx(async (tx) => {
    assert.deepEqual(await allRows(tx.queryStream(insert)), upTo(1));
    throw new Error('roll back');
  });
  await assert.rejects(run, /roll back/);
  assert.deepEqual(await db.query(sql`SELECT * FROM streamed`), []);
  await db.tx((tx) => allRows(tx.queryStream(insert)));
  assert.deepEqual(await db.query(sql`SELECT * FROM streamed`), upTo(1));
});

test('nothing is read further than the reader asks for', async () => {
  const tap = await openWireTap(postgres.url);
  try {
    await using db = createConnectionPool({connectionString: tap.url, poolSize: 1});
    const executes = () => tap.flights.join('').split('E').length - 1;
    let read = 0;
    for await (const row of db.queryStream(numbers(1000), {batchSize: 10})) {
      assert.equal(row.i, ++read);
      if (read === 100) break;
      // Two batches ahead at most.
      assert.ok(executes() <= Math.ceil(read / 10) + 2, `${executes()} after ${read} rows`);
    }
    assert.equal(read, 100);
  } finally {
    await tap.close();
  }
});

test('five streams on a pool need one connection', async () => {
  let opened = 0;
  await using db = createConnectionPool({
    connectionString: postgres.url,
    onConnectionOpened: () => void opened++,
  });
  for (let i = 0; i < 5; i++) {
    assert.deepEqual(await allRows(db.queryStream(numbers(50))), upTo(50));
  }
  assert.equal(opened, 1);
});

test('a stream that is left early gives its connection back', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const before = await processId(db);
  for (const batchSize of [1, 16, 1000]) {
    assert.deepEqual(await firstRow(db.queryStream(numbers(100_000), {batchSize})), {i: 1});
    assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
  }
  const reason = new Error('of the loop');
  const run = async () => {
    for await (const _ of db.queryStream(numbers(100_000))) throw reason;
  };
  await assert.rejects(run(), (error) => error === reason);
  assert.equal(await processId(db), before);
});

test('a stream that is disposed of gives its connection back, be it not begun, in the middle or read', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const before = await processId(db);
  for (const wanted of [0, 1, 20, 1000]) {
    const seen: unknown[] = [];
    {
      await using rows = db.queryStream(numbers(1000));
      const iterator = rows[Symbol.asyncIterator]();
      while (seen.length < wanted) seen.push((await iterator.next()).value);
      if (wanted < 1000) assert.equal(db.stats().leased, wanted === 0 ? 0 : 1);
    }
    assert.deepEqual(seen, upTo(wanted));
    assert.equal(db.stats().leased, 0);
  }
  assert.equal(await processId(db), before);
});

test('a stream of a transaction that is disposed of has closed its portal', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const portals = sql`SELECT count(*)::int AS open FROM pg_cursors WHERE name LIKE 'databases%'`;
  await db.tx(async (tx) => {
    {
      await using rows = tx.queryStream(numbers(100));
      assert.deepEqual(await rows[Symbol.asyncIterator]().next(), {value: {i: 1}, done: false});
      assert.deepEqual(await tx.query(portals), [{open: 1}]);
    }
    assert.deepEqual(await tx.query(portals), [{open: 0}]);
  });
});

test('a stream whose rows are so long that it paused its connection can be left, aborted and lost', async () => {
  await using db = createConnectionPool({
    connectionString: postgres.url,
    poolSize: 1,
    onError: () => undefined,
  });
  const long = sql`SELECT i, repeat('x', 5000000) AS text FROM generate_series(1, 16) AS i`;
  const before = await processId(db);
  assert.equal((await firstRow(db.queryStream(long)))?.i, 1);
  const controller = new AbortController();
  const rows = db.queryStream(long, {signal: controller.signal})[Symbol.asyncIterator]();
  await rows.next();
  controller.abort(new Error('enough'));
  await assert.rejects(toTheEnd(rows), /enough/);
  assert.equal(await processId(db), before);

  await using observer = createConnectionPool(postgres.url);
  const lost = db.queryStream(long)[Symbol.asyncIterator]();
  await lost.next();
  await observer.query(sql`SELECT pg_terminate_backend(${before}::int, 5000)`);
  await assert.rejects(toTheEnd(lost), {sent: 'maybe'});
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('a stream that nobody iterates takes no connection', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  db.queryStream(sql`SELECT 1`);
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('an error in the middle of a stream comes behind the rows before it', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const before = await processId(db);
  const seen: number[] = [];
  const run = async () => {
    const query = sql`SELECT 100 / (50 - i) AS ratio, i FROM generate_series(1, 100) AS i`;
    for await (const row of db.queryStream(query, {batchSize: 7})) seen.push(row.i);
  };
  await assert.rejects(run(), {code: '22012', name: 'error'});
  assert.deepEqual(
    seen.slice(0, 42),
    upTo(42).map(({i}) => i),
  );
  assert.equal(await processId(db), before);
});

/** Reads every number but one. */
const allBut = (unreadable: number) => (text: string) => {
  if (Number(text) === unreadable) throw new Error(`${unreadable} is not wanted`);
  return Number(text);
};

/** Of a batch that has others behind it, of the last one, and of one that is large enough to be read when it comes. */
const unreadableRows = [
  {query: numbers(10_000), at: 5000, options: {}},
  {query: numbers(10_000), at: 5000, options: {batchSize: 7}},
  {query: numbers(10), at: 10, options: {}},
  {
    query: sql`SELECT i, repeat('x', 70000) AS long FROM generate_series(1, 10) AS i`,
    at: 7,
    options: {batchSize: 3},
  },
];

for (const {query, at, options} of unreadableRows) {
  const batches = options.batchSize === undefined ? 'growing batches' : `${options.batchSize}`;
  test(`a row that cannot be read is an error at its place: ${at} of ${batches}`, async () => {
    const told: string[] = [];
    await using db = createConnectionPool({
      connectionString: postgres.url,
      poolSize: 1,
      types: new Map([[DataTypeID.int4, allBut(at)]]),
      onQueryError: (_query, _formatted, error) => void told.push(error.message),
    });
    const before = await backendOf(db);
    const readsUpToIt = async (queryable: Queryable) => {
      const seen: unknown[] = [];
      const reading = async () => {
        for await (const {i} of queryable.queryStream(query, options)) seen.push(i);
      };
      await assert.rejects(reading(), {
        name: 'ValueError',
        message: `column "i" of type int4: ${at} is not wanted`,
        code: 'PG_VALUE_MALFORMED',
        sent: 'maybe',
      });
      assert.deepEqual(
        seen,
        upTo(at - 1).map(({i}) => i),
      );
      assert.deepEqual(await backendOf(queryable), before);
    };
    await readsUpToIt(db);
    await db.task(readsUpToIt);
    // Nothing has failed on the server, so it can be committed.
    await db.tx(readsUpToIt);
    assert.deepEqual(told, Array(3).fill(`column "i" of type int4: ${at} is not wanted`));
  });
}

test('a row that cannot be read does not cancel the batch that is on its way in a transaction', async () => {
  await using db = createConnectionPool({
    connectionString: postgres.url,
    poolSize: 1,
    types: new Map([[DataTypeID.int4, allBut(6)]]),
  });
  const query = sql`
    SELECT i FROM generate_series(1, 12) AS i WHERE i < 7 OR pg_sleep(0.2) IS NOT NULL`;
  await db.tx(async (tx) => {
    await assert.rejects(allRows(tx.queryStream(query, {batchSize: 3})), /6 is not wanted/);
    assert.deepEqual(await tx.query(sql`SELECT 'goes on' AS it`), [{it: 'goes on'}]);
  });
});

test('rows that are asked for at the same time come one after the other', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const rows = db.queryStream(numbers(100), {batchSize: 3})[Symbol.asyncIterator]();
  const asked = Array.from({length: 10}, () => rows.next());
  const left = rows.return?.();
  const late = rows.next();
  assert.deepEqual(
    (await Promise.all(asked)).map(({value}) => value),
    upTo(10),
  );
  assert.deepEqual(await left, {value: undefined, done: true});
  assert.deepEqual(await late, {value: undefined, done: true});
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('rows that a program keeps do not change when others come', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const query = sql`
    SELECT i, i::text AS text, i::int8 AS large, i::numeric AS exact, convert_to(i::text, 'UTF8') AS bytes,
      ARRAY[i] AS list, jsonb_build_object('i', i) AS document, '10.0.0.1'::inet AS address,
      lpad(i::text, CASE WHEN i % 1000 = 0 THEN 70000 ELSE 40 END, '0') AS long
    FROM generate_series(1, 5000) AS i`;
  const rows: {i: number}[] = await allRows(db.queryStream(query));
  assert.deepEqual(rows, await db.query(query));
});

test('the error of a stream shows the place in the query', async () => {
  await using db = createConnectionPool(postgres.url);
  await assert.rejects(firstRow(db.queryStream(sql`SELECT * FROM missing`)), (error: Error) => {
    assert.equal(Reflect.get(error, 'code'), '42P01');
    assert.match(error.message, /SELECT \* FROM missing/);
    return true;
  });
});

test('a text of several statements, or of none, cannot be streamed', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const refusal = {name: 'UsageError', code: 'PG_INVALID_ARGUMENT', message: /one statement/};
  await assert.rejects(firstRow(db.queryStream(sql`SELECT 1; SELECT 2`)), refusal);
  await db.tx((tx) => assert.rejects(firstRow(tx.queryStream(sql`SELECT 1; SELECT 2`)), refusal));
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('a batch size that is none is refused', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  for (const batchSize of [0, -1, 1.5, Number.NaN]) {
    await assert.rejects(firstRow(db.queryStream(numbers(1), {batchSize})), {
      code: 'PG_INVALID_ARGUMENT',
    });
  }
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('statements that give no rows can be streamed', async () => {
  await using db = createConnectionPool(postgres.url);
  assert.deepEqual(await allRows(db.queryStream(sql`CREATE TABLE by_stream (id int)`)), []);
  assert.deepEqual(await db.query(sql`SELECT * FROM by_stream`), []);
});

test('aborting a stream that waits for the server rejects at once and ends the query there', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  await using observer = createConnectionPool(postgres.url);
  const before = await processId(db);
  const reason = new Error('enough');
  for (const hold of [
    (run: (queryable: Queryable) => Promise<void>) => run(db),
    (run: (queryable: Queryable) => Promise<void>) => db.task(run),
    (run: (queryable: Queryable) => Promise<void>) => db.tx(run).catch(() => undefined),
  ]) {
    const controller = new AbortController();
    const {signal} = controller;
    await hold(async (queryable) => {
      const reading = firstRow(queryable.queryStream(sql`SELECT pg_sleep(1000)`, {signal}));
      await whenRunning(observer, 'pg_sleep(1000)');
      controller.abort(reason);
      await assert.rejects(reading, (error) => error === reason);
      await whenNotRunning(observer, 'pg_sleep(1000)');
    });
  }
  assert.equal(await processId(db), before);
});

test('a signal that was aborted before ends a stream before it starts', async () => {
  await using db = createConnectionPool('postgres://postgres@127.0.0.1:1/postgres');
  const reason = new Error('enough');
  const signal = AbortSignal.abort(reason);
  await assert.rejects(
    firstRow(db.queryStream(sql`SELECT 1`, {signal})),
    (error) => error === reason,
  );
});

test('aborting between rows ends the stream with the reason', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const controller = new AbortController();
  const {signal} = controller;
  const reason = new Error('enough');
  const seen: number[] = [];
  const run = async () => {
    for await (const {i} of db.queryStream(numbers(10_000), {signal})) {
      seen.push(i);
      if (i === 20) controller.abort(reason);
    }
  };
  await assert.rejects(run(), (error) => error === reason);
  assert.equal(seen.length, 20);
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('aborting a stream that waits for a connection takes it out of the queue', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const controller = new AbortController();
  const reason = new Error('enough');
  let started: (() => void) | undefined;
  let end: (() => void) | undefined;
  const running = new Promise<void>((resolve) => (started = resolve));
  const task = db.task(() => {
    started?.();
    return new Promise<void>((resolve) => (end = resolve));
  });
  await running;
  const reading = firstRow(db.queryStream(sql`SELECT 1`, {signal: controller.signal}));
  controller.abort(reason);
  await assert.rejects(reading, (error) => error === reason);
  end?.();
  await task;
});
