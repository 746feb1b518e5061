import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import {useServer} from './support/server';

const postgres = useServer();

test('an advisory lock is held until the transaction ends', async () => {
  await using db = createConnectionPool(postgres.url);
  const isFree = () => db.tx((tx) => tx.tryAdvisoryTxLock(1));
  await db.tx(async (tx) => {
    assert.equal(await tx.advisoryTxLock(1), undefined);
    assert.equal(await isFree(), false);
    assert.equal(await tx.tryAdvisoryTxLock(1), true);
  });
  assert.equal(await isFree(), true);
});

test('a lock that is taken is waited for', async () => {
  await using db = createConnectionPool(postgres.url);
  const order: string[] = [];
  let waiting: Promise<unknown> | undefined;
  await db.tx(async (tx) => {
    await tx.advisoryTxLock(2);
    waiting = db.tx(async (other) => {
      await other.advisoryTxLock(2);
      order.push('other');
    });
    await tx.query(sql`SELECT pg_sleep(0.02)`);
    order.push('first');
  });
  await waiting;
  assert.deepEqual(order, ['first', 'other']);
});

test('shared locks share with one another only', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.tx(async (tx) => {
    assert.equal(await tx.advisoryTxLockShared(3), undefined);
    await db.tx(async (other) => {
      assert.equal(await other.tryAdvisoryTxLockShared(3), true);
      assert.equal(await other.tryAdvisoryTxLock(3), false);
      await other.advisoryTxLockShared(3);
    });
  });
  await db.tx(async (tx) => {
    await tx.advisoryTxLock(3);
    await db.tx(async (other) => assert.equal(await other.tryAdvisoryTxLockShared(3), false));
  });
});

test('number, bigint and decimal string name the same lock, a pair another one', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.tx(async (tx) => {
    await tx.advisoryTxLock(-5);
    await tx.advisoryTxLock(9223372036854775807n);
    await tx.advisoryTxLock([1, -2]);
    await db.tx(async (other) => {
      assert.equal(await other.tryAdvisoryTxLock(-5n), false);
      assert.equal(await other.tryAdvisoryTxLock('-5'), false);
      assert.equal(await other.tryAdvisoryTxLock('9223372036854775807'), false);
      assert.equal(await other.tryAdvisoryTxLock([1, -2]), false);
      assert.equal(await other.tryAdvisoryTxLock([-2, 1]), true);
      assert.equal(await other.tryAdvisoryTxLock(5), true);
    });
  });
});

test('what names no lock is refused before it is sent', async () => {
  await using db = createConnectionPool(postgres.url);
  const refusal = {name: 'UsageError', code: 'PG_INVALID_ARGUMENT', sent: 'no'};
  await db.tx(async (tx) => {
    for (const key of [1.5, Number.NaN, 2 ** 60, '', '1; SELECT 1', '0x1']) {
      await assert.rejects(tx.advisoryTxLock(key), refusal);
      await assert.rejects(tx.tryAdvisoryTxLockShared(key), refusal);
    }
    await assert.rejects(tx.advisoryTxLock([1, 2 ** 31]), refusal);
    // @ts-expect-error What JavaScript programs can do.
    await assert.rejects(tx.advisoryTxLock([1]), refusal);
    // @ts-expect-error
    await assert.rejects(tx.advisoryTxLock(null), refusal);
    assert.equal(await tx.tryAdvisoryTxLock(1), true);
  });
});

test('a key beyond 64 bits is an error', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.tx((tx) => assert.rejects(tx.advisoryTxLock(2n ** 63n))).catch(() => undefined);
});
