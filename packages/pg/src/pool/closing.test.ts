import assert from 'node:assert/strict';
import {test} from 'node:test';
import {UsageError} from '../errors';
import {
  FakeHolder,
  FakeTask,
  TransientError,
  createFixture,
  settle,
  warmUp,
} from './pool-fakes.test.support';

function observe(promise: Promise<void>): {done: boolean} {
  const state = {done: false};
  void (async () => {
    await promise;
    state.done = true;
  })();
  return state;
}

test('closing lets what runs and what waits end, then closes everything', async () => {
  const fixture = createFixture({max: 1});
  const {pool, factory} = fixture;
  await warmUp(fixture, 1);
  const [running, waiting] = [new FakeTask('running'), new FakeTask('waiting')];
  pool.dispatch(running);
  pool.dispatch(waiting);
  const closed = observe(pool.close());
  await settle();
  assert.equal(closed.done, false);
  fixture.finish(running);
  assert.equal(waiting.starts, 1);
  await settle();
  assert.equal(closed.done, false);
  fixture.finish(waiting);
  await settle();
  assert.equal(closed.done, true);
  assert.equal(factory.openCount, 0);
  assert.equal(fixture.clock.timers.length, 0);
});

test('closing waits for leases to be released', async () => {
  const {pool, clock} = createFixture();
  const holder = new FakeHolder(pool);
  await holder.done;
  const closed = observe(pool.close());
  await clock.advance(60_000);
  assert.equal(closed.done, false);
  holder.lease?.release();
  await settle();
  assert.equal(closed.done, true);
  assert.equal(holder.lease?.resource.state, 'closed');
});

test('closing waits until the resources are closed', async () => {
  const fixture = createFixture();
  fixture.factory.closesAtOnce = false;
  await warmUp(fixture, 1);
  const closed = observe(fixture.pool.close());
  await settle();
  assert.equal(closed.done, false);
  fixture.factory.closing.shift()?.();
  await settle();
  assert.equal(closed.done, true);
});

test('after its timeout, closing destroys what is left and fails what waits', async () => {
  const {pool, clock, factory} = createFixture({max: 1});
  const holder = new FakeHolder(pool);
  await holder.done;
  const waiting = new FakeTask('waiting');
  pool.dispatch(waiting);
  const closed = observe(pool.close({timeoutMilliseconds: 500}));
  await clock.advance(499);
  assert.equal(closed.done, false);
  await clock.advance(1);
  assert.equal(closed.done, true);
  assert.equal(holder.lease?.resource.state, 'destroyed');
  assert.ok(waiting.error instanceof UsageError);
  assert.match(waiting.error.message, /500 ms/);
  holder.lease.release();
  assert.equal(factory.openCount, 0);
});

test('closing twice gives the same promise, and a later call may still set a limit', async () => {
  const {pool, clock} = createFixture();
  await new FakeHolder(pool).done;
  const first = pool.close();
  const second = pool.close({timeoutMilliseconds: 100});
  assert.equal(first, second);
  await clock.advance(100);
  await first;
});

test('a resource that opens too late is closed', async () => {
  const {pool, clock, factory} = createFixture({max: 1});
  factory.opensAtOnce = false;
  const controller = new AbortController();
  const holder = new FakeHolder(pool, {signal: controller.signal});
  controller.abort();
  await holder.done;
  const closed = observe(pool.close());
  await settle();
  assert.equal(closed.done, false);
  await factory.succeed();
  assert.equal(closed.done, true);
  assert.equal(factory.all[0]?.state, 'closed');
  assert.equal(clock.timers.length, 0);
});

test('a resource that opens after the timeout of closing is closed as well', async () => {
  const {pool, clock, factory} = createFixture({max: 1});
  factory.opensAtOnce = false;
  const holder = new FakeHolder(pool);
  const closed = observe(pool.close({timeoutMilliseconds: 100}));
  await clock.advance(100);
  assert.equal(closed.done, true);
  assert.ok(holder.error instanceof UsageError);
  await factory.succeed();
  assert.equal(factory.all[0]?.state, 'closed');
});

test('a closing pool does not retry: a failed open fails what waits', async () => {
  const {pool, factory} = createFixture({max: 1});
  factory.opensAtOnce = false;
  const task = new FakeTask('a');
  pool.dispatch(task);
  const closed = observe(pool.close());
  await factory.failOpen(new TransientError('refused'));
  assert.ok(task.error instanceof TransientError);
  await settle();
  assert.equal(closed.done, true);
});

test('a closed pool takes no work', async () => {
  const {pool} = createFixture();
  await pool.close();
  const task = new FakeTask('a');
  pool.dispatch(task);
  const holder = new FakeHolder(pool);
  await holder.done;
  for (const error of [task.error, holder.error]) {
    assert.ok(error instanceof UsageError);
    assert.equal(error.code, 'PG_USED_AFTER_END');
  }
});
