import assert from 'node:assert/strict';
import {test} from 'node:test';
import {setTimeout as pause} from 'node:timers/promises';
import createConnectionPool, {sql} from '@databases/pg';
import type {Connection, Queryable} from '@databases/pg';
import {processId, whenRunning} from './support/activity';
import {allRows} from './support/rows';
import {useServer} from './support/server';
import {openWireTap} from './support/wire-tap';

const postgres = useServer();

const numbers = (count: number) => sql`SELECT i FROM generate_series(1, ${count}::int) AS i`;
const upTo = (count: number) => Array.from({length: count}, (_, index) => ({i: index + 1}));

async function toTheEnd(rows: AsyncIterator<unknown>): Promise<void> {
  for (;;) if ((await rows.next()).done === true) return;
}

async function queryBesideStream(queryable: Queryable): Promise<void> {
  const reading = allRows(queryable.queryStream(numbers(100)));
  const query = queryable.query(sql`SELECT 1 AS one`);
  assert.deepEqual(await Promise.all([reading, query]), [upTo(100), [{one: 1}]]);
}

async function leaveOpen(queryable: Queryable): Promise<void> {
  await queryable.queryStream(numbers(100_000))[Symbol.asyncIterator]().next();
}

test('queries run inside the loop over a stream of their own transaction', async () => {
  await using db = createConnectionPool({
    connectionString: postgres.url,
    poolSize: 1,
    acquireLockTimeoutMilliseconds: 500,
  });
  await db.query(sql`CREATE TABLE doubled (i int)`);
  for (const batchSize of [1, 7, 1000, undefined]) {
    const options = batchSize === undefined ? {} : {batchSize};
    await db.tx(async (tx) => {
      let read = 0;
      for await (const {i} of tx.queryStream(numbers(100), options)) {
        assert.equal(i, ++read);
        await tx.query(sql`INSERT INTO doubled VALUES (${i})`);
      }
    });
    assert.deepEqual(await db.query(sql`SELECT i FROM doubled ORDER BY i`), upTo(100));
    await db.query(sql`TRUNCATE doubled`);
  }
});

test('the same goes for a transaction that a task began itself', async () => {
  await using db = createConnectionPool({
    connectionString: postgres.url,
    acquireLockTimeoutMilliseconds: 500,
  });
  await db.task(async (task) => {
    await task.query(sql`BEGIN`);
    let read = 0;
    for await (const {i} of task.queryStream(numbers(40))) {
      assert.equal(i, ++read);
      assert.deepEqual(await task.query(sql`SELECT 1 AS one`), [{one: 1}]);
    }
    assert.equal(read, 40);
    await task.query(sql`COMMIT`);
  });
});

test('streams of one transaction nest, and each gives its own rows', async () => {
  await using db = createConnectionPool({
    connectionString: postgres.url,
    acquireLockTimeoutMilliseconds: 500,
  });
  await db.tx(async (tx) => {
    const seen: number[][] = [];
    for await (const {i} of tx.queryStream(numbers(20), {batchSize: 3})) {
      const inner = await allRows(tx.queryStream(numbers(i), {batchSize: 2}));
      assert.deepEqual(inner, upTo(i));
      seen.push([i, inner.length]);
    }
    assert.equal(seen.length, 20);
  });
});

test('a nested transaction runs inside the loop, and its rollback takes nothing of the stream', async () => {
  await using db = createConnectionPool({
    connectionString: postgres.url,
    acquireLockTimeoutMilliseconds: 500,
  });
  await db.query(sql`CREATE TABLE halves (i int)`);
  await db.query(sql`CREATE TABLE seen_by_stream (i int)`);
  await db.query(sql`
    CREATE FUNCTION note(i int) RETURNS int LANGUAGE sql AS
    'INSERT INTO seen_by_stream VALUES (i) RETURNING i'`);
  await db.tx(async (tx) => {
    const noted = sql`SELECT note(i) AS i FROM generate_series(1, 60) AS i`;
    let read = 0;
    for await (const {i} of tx.queryStream(noted, {batchSize: 4})) {
      assert.equal(i, ++read);
      const nested = tx.tx(async (inner) => {
        await inner.query(sql`INSERT INTO halves VALUES (${i})`);
        if (i % 2 === 1) throw new Error('odd');
      });
      if (i % 2 === 1) await assert.rejects(nested, /odd/);
      else await nested;
    }
    assert.equal(read, 60);
  });
  assert.deepEqual(
    await db.query(sql`SELECT i FROM halves ORDER BY i`),
    upTo(60).filter(({i}) => i % 2 === 0),
  );
  assert.deepEqual(await db.query(sql`SELECT i FROM seen_by_stream ORDER BY i`), upTo(60));
});

test('a query that fails inside the loop fails the stream and the transaction with it', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const before = await processId(db);
  const run = db.tx(async (tx) => {
    for await (const _ of tx.queryStream(numbers(100_000), {batchSize: 10})) {
      await tx.query(sql`SELECT 1 / 0`).catch(() => undefined);
    }
  });
  await assert.rejects(run, {code: '25P02'});
  const swallowed = db.tx(async (tx) => {
    for await (const _ of tx.queryStream(numbers(100_000), {batchSize: 10})) break;
    await allRows(tx.queryStream(sql`SELECT 1 / 0`)).catch(() => undefined);
  });
  await assert.rejects(swallowed, (error: Error) => {
    assert.equal(Reflect.get(error, 'code'), 'PG_TRANSACTION_ROLLED_BACK');
    assert.equal(Reflect.get(Object(error.cause), 'code'), '22012');
    return true;
  });
  assert.equal(await processId(db), before);
});

test('a stream that is left or read to its end leaves no portal behind in its transaction', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const portals = sql`SELECT count(*)::int AS open FROM pg_cursors WHERE name LIKE 'databases%'`;
  await db.tx(async (tx) => {
    for await (const _ of tx.queryStream(numbers(1000), {batchSize: 10})) {
      assert.deepEqual(await tx.query(portals), [{open: 1}]);
      break;
    }
    assert.deepEqual(await tx.query(portals), [{open: 0}]);
    await allRows(tx.queryStream(numbers(1000)));
    await allRows(tx.queryStream(sql`SELECT repeat('x', 10) AS "unused"`));
    assert.deepEqual(await tx.query(portals), [{open: 0}]);
  });
});

test('a stream of a transaction is read ahead while nobody else wants the connection', async () => {
  const tap = await openWireTap(postgres.url);
  try {
    await using db = createConnectionPool({connectionString: tap.url, poolSize: 1});
    const executes = () => tap.flights.join('').split('E').length - 1;
    await db.tx(async (tx) => {
      await tx.query(sql`SELECT 1`);
      const before = executes();
      let read = 0;
      for await (const {i} of tx.queryStream(numbers(1000), {batchSize: 10})) {
        assert.equal(i, ++read);
        if (read === 1) await tx.query(sql`SELECT 1`);
        // One of its batches is here, the next one was asked for before the query was.
        if (read === 2) assert.ok(executes() - before >= 3, `${executes() - before}`);
        if (read === 100) break;
        assert.ok(executes() - before <= Math.ceil(read / 10) + 3, `${executes()} at ${read}`);
      }
    });
  } finally {
    await tap.close();
  }
});

test('aborting a stream inside its loop hits no query beside it', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const reason = new Error('enough');
  await db.tx(async (tx) => {
    const controller = new AbortController();
    const {signal} = controller;
    const run = async () => {
      for await (const {i} of tx.queryStream(numbers(1000), {signal, batchSize: 10})) {
        if (i === 15) {
          const beside = tx.query(sql`SELECT pg_sleep(0.05)::text, 1 AS one`);
          controller.abort(reason);
          assert.equal((await beside)[0]?.one, 1);
        }
      }
    };
    await assert.rejects(run(), (error) => error === reason);
    assert.deepEqual(await tx.query(sql`SELECT 1 AS one`), [{one: 1}]);
  });
});

test('aborting a stream that waits behind a query of its transaction leaves that query alone', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  await using observer = createConnectionPool(postgres.url);
  const controller = new AbortController();
  const {signal} = controller;
  const reason = new Error('enough');
  const run = db.tx(async (tx) => {
    const rows = tx.queryStream(numbers(1000), {signal, batchSize: 1})[Symbol.asyncIterator]();
    await rows.next();
    const beside = tx.query(sql`SELECT pg_sleep(0.4)::text, 1 AS one`);
    await whenRunning(observer, 'pg_sleep(0.4)');
    const reading = toTheEnd(rows);
    // What was read ahead is consumed, and the next batch asked for.
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(reason);
    await assert.rejects(reading, (error) => error === reason);
    assert.equal((await beside)[0]?.one, 1);
    throw reason;
  });
  await assert.rejects(run, (error) => error === reason);
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('reading an outer stream from inside a nested transaction is refused at once', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.tx(async (tx) => {
    const rows = tx.queryStream(numbers(1000), {batchSize: 2})[Symbol.asyncIterator]();
    await rows.next();
    await tx.tx(async (nested) => {
      await nested.query(sql`SELECT 1`);
      await assert.rejects(toTheEnd(rows), {code: 'PG_SELF_DEADLOCK'});
    });
  });
});

test('a stream that is read on after its transaction is refused', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const rows = await db.tx(async (tx) => {
    const iterator = tx.queryStream(numbers(100_000), {batchSize: 5})[Symbol.asyncIterator]();
    await iterator.next();
    return iterator;
  });
  await assert.rejects(toTheEnd(rows), {code: 'PG_USED_AFTER_END'});
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('what a stream outside a transaction keeps waiting is said when it takes too long', async () => {
  await using db = createConnectionPool({
    connectionString: postgres.url,
    poolSize: 1,
    acquireLockTimeoutMilliseconds: 20,
  });
  const refusal = {code: 'PG_ACQUIRE_LOCK_TIMEOUT', message: /stream.*tx\(\)/};
  await db.task(async (task) => {
    for await (const _ of task.queryStream(numbers(100_000))) {
      await assert.rejects(task.query(sql`SELECT 1`), refusal);
      break;
    }
    assert.deepEqual(await task.query(sql`SELECT 1 AS one`), [{one: 1}]);
  });
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('a call inside the loop over a stream of its task is refused at once, whatever it is', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const refusal = {code: 'PG_SELF_DEADLOCK', message: /loop.*generate_series.*tx\(\)/};
  const calls: ((task: Connection) => Promise<unknown>)[] = [
    (task) => task.query(sql`SELECT 1`),
    (task) => task.tx((tx) => tx.query(sql`SELECT 1`)),
    (task) => allRows(task.queryStream(sql`SELECT 1`)),
    (task) => task.copyFrom(sql`COPY nowhere FROM STDIN`, []),
  ];
  await db.task(async (task) => {
    for (const call of calls) {
      let read = 0;
      for await (const {i} of task.queryStream(numbers(50), {batchSize: 10})) {
        assert.equal(i, ++read);
        if (i === 1 || i === 30) await assert.rejects(call(task), refusal);
      }
      assert.equal(read, 50);
    }
    assert.deepEqual(await task.query(sql`SELECT 1 AS one`), [{one: 1}]);
  });
});

test('a function that started a loop over a stream of its task without awaiting it may wait for its end', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  await db.task(async (task) => {
    let read = 0;
    let begun: (() => void) | undefined;
    const hasBegun = new Promise<void>((resolve) => (begun = resolve));
    const reading = (async () => {
      for await (const _ of task.queryStream(numbers(40), {batchSize: 2})) {
        if (++read === 5) begun?.();
        await pause(10);
      }
    })();
    await hasBegun;
    assert.deepEqual(await task.query(sql`SELECT 1 AS one`), [{one: 1}]);
    // Six of the last rows may be here already.
    assert.ok(read >= 34, `${read}`);
    await reading;
    assert.equal(read, 40);
    assert.deepEqual(await task.query(sql`SELECT 1 AS one`), [{one: 1}]);
  });
});

test('a query beside a stream waits for no more than its batch in a transaction, and for its end outside', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.tx(queryBesideStream);
  await db.task(queryBesideStream);
});

test('a stream that is left open does not keep its transaction from ending', async () => {
  await using db = createConnectionPool({
    connectionString: postgres.url,
    poolSize: 1,
    acquireLockTimeoutMilliseconds: 20,
  });
  await db.tx(leaveOpen);
  await assert.rejects(db.task(leaveOpen), {code: 'PG_ACQUIRE_LOCK_TIMEOUT'});
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});
