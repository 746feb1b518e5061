import assert from 'node:assert/strict';
import {once} from 'node:events';
import {Writable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import type {Queryable} from '@databases/pg';
import {processId, whenNotRunning, whenRunning} from './support/activity';
import {useServer} from './support/server';

const postgres = useServer();

const numbers = (count: number) => sql`SELECT i FROM generate_series(1, ${count}::int) AS i`;
const upTo = (count: number) => Array.from({length: count}, (_, index) => ({i: index + 1}));

const readAndGoOn = async (queryable: Queryable) => {
  assert.deepEqual(await queryable.queryNodeStream(numbers(40)).toArray(), upTo(40));
  assert.deepEqual(await queryable.query(sql`SELECT 1 AS one`), [{one: 1}]);
};

test('a node stream gives all rows in order', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  for (const options of [{}, {highWaterMark: 1}, {batchSize: 3}, {highWaterMark: 100}]) {
    for (const count of [0, 1, 40, 10_000]) {
      assert.deepEqual(await db.queryNodeStream(numbers(count), options).toArray(), upTo(count));
    }
  }
  await db.task(readAndGoOn);
  await db.tx(readAndGoOn);
});

test("'error' is given the error", async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const before = await processId(db);
  const stream = db.queryNodeStream(sql`SELECT 1/0`);
  stream.resume();
  const [error] = await once(stream, 'error');
  assert.ok(error instanceof Error);
  assert.equal(Reflect.get(error, 'code'), '22012');
  assert.equal(await processId(db), before);
});

test('a node stream works in a pipeline, at the pace of its destination', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const written: unknown[] = [];
  const slow = new Writable({
    objectMode: true,
    highWaterMark: 1,
    write(row, _encoding, done) {
      written.push(row);
      setImmediate(done);
    },
  });
  await pipeline(db.queryNodeStream(numbers(100)), slow);
  assert.deepEqual(written, upTo(100));
});

test('a pipeline that fails gives the connection back', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const before = await processId(db);
  const reason = new Error('of the destination');
  const broken = new Writable({
    objectMode: true,
    write(_row, _encoding, done) {
      done(reason);
    },
  });
  await assert.rejects(
    pipeline(db.queryNodeStream(numbers(10_000)), broken),
    (error) => error === reason,
  );
  assert.equal(await processId(db), before);
});

test('destroying a node stream ends its query on the server', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  await using observer = createConnectionPool(postgres.url);
  const before = await processId(db);
  const stream = db.queryNodeStream(sql`SELECT pg_sleep(1000)`);
  stream.resume();
  await whenRunning(observer, 'pg_sleep(1000)');
  stream.destroy();
  await once(stream, 'close');
  await whenNotRunning(observer, 'pg_sleep(1000)');
  assert.equal(await processId(db), before);
});

test('a node stream that is destroyed unread, or in between, gives its connection back', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const unread = db.queryNodeStream(numbers(10));
  unread.destroy();
  await once(unread, 'close');
  for await (const row of db.queryNodeStream(numbers(10_000))) {
    assert.deepEqual(row, {i: 1});
    break;
  }
  const atOnce = db.queryNodeStream(numbers(10_000));
  atOnce.resume();
  atOnce.destroy();
  await once(atOnce, 'close');
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('a node stream of a pool or task that has ended fails', async () => {
  const db = createConnectionPool(postgres.url);
  const ended = {name: 'UsageError', code: 'PG_USED_AFTER_END'};
  const task = await db.task(async (connection) => connection);
  await assert.rejects(task.queryNodeStream(sql`SELECT 1`).toArray(), ended);
  await db.dispose();
  await assert.rejects(db.queryNodeStream(sql`SELECT 1`).toArray(), ended);
});
