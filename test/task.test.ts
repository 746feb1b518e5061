import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {
  isConnection,
  isConnectionPool,
  isTransaction,
  sql,
} from '@databases/pg';
import type {Connection} from '@databases/pg';
import {processId} from './support/activity';
import {firstRow} from './support/rows';
import {useServer} from './support/server';

const postgres = useServer();

test('a task has one connection for all its queries', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.task(async (task) => {
    await task.query(sql`CREATE TEMP TABLE mine (id int)`);
    await task.query(sql`INSERT INTO mine VALUES (1)`);
    assert.deepEqual(await task.query(sql`SELECT * FROM mine`), [{id: 1}]);
    const id = await processId(task);
    assert.deepEqual(await Promise.all([processId(task), processId(task)]), [id, id]);
  });
});

test('a task gives what its callback gives, and rejects with what it throws', async () => {
  await using db = createConnectionPool(postgres.url);
  assert.equal(await db.task(async () => 'result'), 'result');
  const reason = new Error('of the callback');
  await assert.rejects(
    db.task(async () => {
      throw reason;
    }),
    (error) => error === reason,
  );
  const thrower = (): Promise<void> => {
    throw reason;
  };
  await assert.rejects(db.task(thrower), (error) => error === reason);
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('every query of a task commits for itself', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.query(sql`CREATE TABLE kept (id int)`);
  await assert.rejects(
    db.task(async (task) => {
      await task.query(sql`INSERT INTO kept VALUES (1)`);
      await task.query(sql`SELECT 1/0`);
    }),
    {code: '22012'},
  );
  assert.deepEqual(await db.query(sql`SELECT * FROM kept`), [{id: 1}]);
});

test('a task inside a task, or inside a transaction, is the same object', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.task((task) => task.task(async (inner) => assert.equal(inner, task)));
  await db.tx((tx) => tx.task(async (inner) => assert.equal(inner, tx)));
});

test('pool, task and transaction say what they are', async () => {
  await using db = createConnectionPool(postgres.url);
  assert.deepEqual([db.type, isConnectionPool(db)], ['connection_pool', true]);
  await db.task(async (task) => {
    assert.deepEqual(
      [task.type, isConnection(task), isTransaction(task)],
      ['connection', true, false],
    );
    assert.equal(task.sql, sql);
  });
  await db.tx(async (tx) => {
    assert.deepEqual(
      [tx.type, isTransaction(tx), isConnectionPool(tx)],
      ['transaction', true, false],
    );
  });
});

test('a connection is of no use after its task', async () => {
  await using db = createConnectionPool(postgres.url);
  const ended = {name: 'UsageError', code: 'PG_USED_AFTER_END'};
  const leaked: Connection = await db.task(async (task) => task);
  await assert.rejects(leaked.query(sql`SELECT 1`), ended);
  await assert.rejects(leaked.query([sql`SELECT 1`]), ended);
  await assert.rejects(
    leaked.tx(async () => undefined),
    ended,
  );
  await assert.rejects(
    leaked.task(async () => undefined),
    ended,
  );
  await assert.rejects(
    leaked.addPostCommitStep(async () => undefined),
    ended,
  );
  await assert.rejects(firstRow(leaked.queryStream(sql`SELECT 1`)), ended);
});

test('queries that a task did not await run on its connection before anybody else', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  await db.query(sql`CREATE TABLE not_awaited (id int)`);
  let late: Promise<unknown> | undefined;
  await db.task(async (task) => {
    late = task.query(sql`INSERT INTO not_awaited SELECT 1 FROM pg_sleep(0.05)`);
  });
  assert.deepEqual(await db.query(sql`SELECT * FROM not_awaited`), [{id: 1}]);
  assert.deepEqual(await late, []);
});

test('a task on a pool of one whose callback asks the pool is refused at once', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const refusal = {name: 'UsageError', code: 'PG_SELF_DEADLOCK', sent: 'no'};
  await db.task(async (task) => {
    await assert.rejects(db.query(sql`SELECT 1`), refusal);
    await assert.rejects(
      db.tx(async () => undefined),
      refusal,
    );
    assert.deepEqual(await task.query(sql`SELECT 1 AS one`), [{one: 1}]);
  });
  await db.tx(async (tx) => {
    await assert.rejects(db.query([sql`SELECT 1`, sql`SELECT 2`]), refusal);
    await assert.rejects(
      db.task(async () => undefined),
      refusal,
    );
    await assert.rejects(firstRow(db.queryStream(sql`SELECT 1`)), refusal);
    assert.deepEqual(await tx.query(sql`SELECT 1 AS one`), [{one: 1}]);
  });
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('tasks that all want a second connection of a pool without one are told so', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 2});
  const results = await Promise.allSettled(
    [1, 2].map(() => db.task(() => db.task(async () => undefined))),
  );
  // One of the two has to give way; the other one then finds its connection.
  const codes = results.map((result) =>
    result.status === 'rejected' ? Reflect.get(result.reason, 'code') : 'fine',
  );
  assert.deepEqual(new Set(codes), new Set(['PG_SELF_DEADLOCK', 'fine']));
});
