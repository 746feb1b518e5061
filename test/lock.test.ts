import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import type {Transaction} from '@databases/pg';
import {firstRow} from './support/rows';
import {useServer} from './support/server';

const postgres = useServer();

const refusal = {name: 'UsageError', code: 'PG_SELF_DEADLOCK', sent: 'no'};

test('a transaction used inside its own nested one is refused at once', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  await db.tx(async (tx) => {
    await tx.tx(async (nested) => {
      await assert.rejects(tx.query(sql`SELECT 1`), refusal);
      await assert.rejects(
        tx.tx(async () => undefined),
        refusal,
      );
      await assert.rejects(firstRow(tx.queryStream(sql`SELECT 1`)), refusal);
      await nested.tx(async () => {
        await assert.rejects(tx.query(sql`SELECT 1`), refusal);
        await assert.rejects(nested.query(sql`SELECT 1`), refusal);
      });
      assert.deepEqual(await nested.query(sql`SELECT 1 AS one`), [{one: 1}]);
    });
    assert.deepEqual(await tx.query(sql`SELECT 2 AS two`), [{two: 2}]);
  });
  assert.deepEqual(await db.query(sql`SELECT 3 AS three`), [{three: 3}]);
});

test('a task connection used inside a transaction of its own is refused at once', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  await db.task(async (task) => {
    await task.tx(async (tx) => {
      await assert.rejects(task.query(sql`SELECT 1`), refusal);
      await tx.tx(() => assert.rejects(task.query(sql`SELECT 1`), refusal));
    });
    assert.deepEqual(await task.query(sql`SELECT 1 AS one`), [{one: 1}]);
  });
});

test('the refusal lets the transaction fail in order when it is not caught', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  await assert.rejects(
    db.tx((tx) => tx.tx(() => tx.query(sql`SELECT 1`))),
    refusal,
  );
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('waiting for a nested transaction is limited by acquireLockTimeoutMilliseconds', async () => {
  await using db = createConnectionPool({
    connectionString: postgres.url,
    acquireLockTimeoutMilliseconds: 20,
  });
  await db.tx(async (tx) => {
    let end: (() => void) | undefined;
    const inner = tx.tx(() => new Promise<void>((resolve) => (end = resolve)));
    await assert.rejects(tx.query(sql`SELECT 1`), {
      name: 'TimeoutError',
      code: 'PG_ACQUIRE_LOCK_TIMEOUT',
      sent: 'no',
    });
    end?.();
    await inner;
    assert.deepEqual(await tx.query(sql`SELECT 1 AS one`), [{one: 1}]);
  });
});

test('a slow query does not run into that limit, nor do those behind it', async () => {
  await using db = createConnectionPool({
    connectionString: postgres.url,
    acquireLockTimeoutMilliseconds: 20,
  });
  await db.tx(async (tx) => {
    const slow = tx.query(sql`SELECT 'slow' AS name FROM pg_sleep(0.1)`);
    const behind = tx.query(sql`SELECT 'behind' AS name`);
    assert.deepEqual(await Promise.all([slow, behind]), [[{name: 'slow'}], [{name: 'behind'}]]);
  });
});

test('a transaction waits for a nested one that was not awaited', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.query(sql`CREATE TABLE slow_inner (id int)`);
  await db.tx(async (tx) => {
    void tx.tx(async (nested) => {
      await nested.query(sql`SELECT pg_sleep(0.05)`);
      await nested.query(sql`INSERT INTO slow_inner VALUES (1)`);
    });
  });
  assert.deepEqual(await db.query(sql`SELECT * FROM slow_inner`), [{id: 1}]);
});

test('where that takes too long nothing is committed, and nothing runs outside the transaction', async () => {
  await using db = createConnectionPool({
    connectionString: postgres.url,
    acquireLockTimeoutMilliseconds: 20,
  });
  await db.query(sql`CREATE TABLE abandoned (id int)`);
  let goOn: (() => void) | undefined;
  let inner: Promise<unknown> | undefined;
  const lateInsert = (tx: Transaction) =>
    tx.tx(async (nested) => {
      await nested.query(sql`INSERT INTO abandoned VALUES (1)`);
      await new Promise<void>((resolve) => (goOn = resolve));
      await nested.query(sql`INSERT INTO abandoned VALUES (2)`);
    });
  for (const run of [
    () => db.tx(async (tx) => void (inner = lateInsert(tx))),
    () => db.task(async (task) => void (inner = task.tx((tx) => lateInsert(tx)))),
  ]) {
    const tooLate = {name: 'TimeoutError', code: 'PG_ACQUIRE_LOCK_TIMEOUT'};
    await assert.rejects(run(), tooLate);
    const late = assert.rejects(Promise.resolve(inner));
    goOn?.();
    await late;
    assert.deepEqual(await db.query(sql`SELECT * FROM abandoned`), []);
  }
});
