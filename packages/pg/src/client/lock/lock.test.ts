import assert from 'node:assert/strict';
import {test} from 'node:test';
import {TimeoutError, UsageError} from '../../errors';
import {runInside} from '../callers/context';
import {Lock} from './lock';

test('a free lock is taken at once', () => {
  const lock = new Lock('transaction', 0);
  assert.equal(lock.free, true);
  void lock.acquire({});
  assert.equal(lock.free, false);
  lock.release();
  assert.equal(lock.free, true);
});

test('those who wait are let in one by one, in the order in which they came', async () => {
  const lock = new Lock('transaction', 0);
  const order: number[] = [];
  await lock.acquire({});
  const waiting = [1, 2, 3].map(async (number) => {
    await lock.acquire({});
    order.push(number);
    assert.equal(lock.free, false);
    await Promise.resolve();
    lock.release();
  });
  assert.deepEqual(order, []);
  lock.release();
  await Promise.all(waiting);
  assert.deepEqual(order, [1, 2, 3]);
  assert.equal(lock.free, true);
});

test('nobody slips in between a release and the one who waited', async () => {
  const lock = new Lock('transaction', 0);
  const order: string[] = [];
  await lock.acquire({});
  const waiter = lock.acquire({}).then(() => order.push('waiter'));
  lock.release();
  const late = lock.acquire({}).then(() => order.push('late'));
  await waiter;
  lock.release();
  await late;
  assert.deepEqual(order, ['waiter', 'late']);
});

test('waiting too long is an error, and who gave up is not let in later', async () => {
  const lock = new Lock('transaction', 5);
  await lock.acquire({});
  await assert.rejects(
    lock.acquire({}),
    (error) =>
      error instanceof TimeoutError &&
      error.code === 'PG_ACQUIRE_LOCK_TIMEOUT' &&
      /this transaction/.test(error.message),
  );
  lock.release();
  assert.equal(lock.free, true);
});

test('waiting from inside the holder is refused at once, from outside it is not', async () => {
  const lock = new Lock('connection', 0);
  const holder = {};
  await lock.acquire(holder);
  await runInside(holder, () =>
    assert.rejects(
      lock.acquire({}),
      (error) => error instanceof UsageError && error.code === 'PG_SELF_DEADLOCK',
    ),
  );
  const outside = lock.acquire({});
  lock.release();
  await outside;
});
