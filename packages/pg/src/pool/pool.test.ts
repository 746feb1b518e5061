import assert from 'node:assert/strict';
import {test} from 'node:test';
import {TimeoutError, UsageError} from '../errors';
import {
  FakeHolder,
  FakeTask,
  costOf,
  createFixture,
  settle,
  warmUp,
} from './pool-fakes.test.support';

test('nothing is opened before there is work', () => {
  const {factory} = createFixture();
  assert.equal(factory.attempts, 0);
});

test('a task runs on an idle resource at once', async () => {
  const fixture = createFixture();
  await warmUp(fixture, 1);
  const task = new FakeTask('a');
  fixture.pool.dispatch(task);
  assert.equal(task.starts, 1);
  fixture.finish(task);
  assert.deepEqual(fixture.pool.stats(), {
    total: 1,
    idle: 1,
    leased: 0,
    busy: 0,
    connecting: 0,
    waiting: 0,
    max: 2,
  });
});

test('idle resources are used last in, first out', async () => {
  const fixture = createFixture();
  const [a, b] = [new FakeHolder(fixture.pool), new FakeHolder(fixture.pool)];
  await Promise.all([a.done, b.done]);
  b.lease?.release();
  a.lease?.release();
  const task = new FakeTask('a');
  fixture.pool.dispatch(task);
  assert.equal(task.resource, a.lease?.resource);
});

test('leases and tasks that wait are served in one line, by order of arrival', async () => {
  const fixture = createFixture({max: 1});
  const {pool} = fixture;
  const first = new FakeHolder(pool);
  await first.done;
  const task = new FakeTask('task');
  pool.dispatch(task);
  const second = new FakeHolder(pool);
  const late = new FakeTask('late');
  pool.dispatch(late);
  first.lease?.release();
  await settle();
  assert.deepEqual([task.starts, second.lease, late.starts], [1, undefined, 0]);
  fixture.finish(task);
  await settle();
  assert.ok(second.lease);
  assert.equal(late.starts, 0);
  second.lease.release();
  assert.equal(late.starts, 1);
});

test('a lease is released once: the second release throws and takes nothing from the next holder', async () => {
  const {pool} = createFixture({max: 1});
  const first = new FakeHolder(pool, {label: 'checkout'});
  await first.done;
  first.lease?.release();
  const second = new FakeHolder(pool);
  await second.done;
  assert.throws(
    () => first.lease?.release(),
    (error: unknown) =>
      error instanceof UsageError &&
      error.code === 'PG_USED_AFTER_END' &&
      /checkout.*released before/.test(error.message),
  );
  assert.throws(() => first.lease?.destroy(new Error('x')), UsageError);
  assert.equal(pool.stats().leased, 1);
  assert.equal(second.lease?.resource.state, 'open');
});

test('a destroyed lease closes its resource at once and is replaced for those who wait', async () => {
  const {pool, factory} = createFixture({max: 1});
  const first = new FakeHolder(pool);
  await first.done;
  const second = new FakeHolder(pool);
  first.lease?.destroy(new Error('broken'));
  first.lease?.destroy(new Error('broken again'));
  await second.done;
  assert.equal(first.lease?.resource.state, 'destroyed');
  assert.equal(second.lease?.resource.id, 2);
  assert.equal(factory.openCount, 1);
});

test('a released resource that is no longer usable is destroyed, not handed on', async () => {
  const {pool} = createFixture({max: 1});
  const first = new FakeHolder(pool);
  await first.done;
  const second = new FakeHolder(pool);
  assert.ok(first.lease);
  first.lease.resource.usable = false;
  first.lease.release();
  await second.done;
  assert.equal(first.lease.resource.state, 'destroyed');
  assert.equal(second.lease?.resource.id, 2);
});

test('a resource that turned unusable while idle is not handed out', async () => {
  const fixture = createFixture({max: 1});
  await warmUp(fixture, 1);
  const [first] = fixture.factory.all;
  assert.ok(first);
  first.usable = false;
  const task = new FakeTask('a');
  fixture.pool.dispatch(task);
  await settle();
  assert.equal(first.state, 'destroyed');
  assert.equal(task.resource?.id, 2);
});

test('a resource that broke is forgotten: its tasks and its lease end without effect', async () => {
  const fixture = createFixture({max: 2});
  const {pool} = fixture;
  const holder = new FakeHolder(pool);
  const task = new FakeTask('a');
  pool.dispatch(task);
  await settle();
  assert.ok(holder.lease && task.resource);
  pool.remove(holder.lease.resource, new Error('reset'));
  pool.remove(task.resource, new Error('reset'));
  assert.equal(pool.stats().total, 0);
  fixture.finish(task);
  holder.lease.release();
  assert.equal(pool.stats().total, 0);
});

test('work that waits gets a new resource when one breaks', async () => {
  const fixture = createFixture({max: 1});
  const holder = new FakeHolder(fixture.pool);
  await holder.done;
  const waiting = new FakeTask('waiting');
  fixture.pool.dispatch(waiting);
  assert.ok(holder.lease);
  fixture.pool.remove(holder.lease.resource);
  await settle();
  assert.equal(waiting.resource?.id, 2);
});

test('a task that waits can be withdrawn; one that started cannot', async () => {
  const fixture = createFixture({max: 1});
  await warmUp(fixture, 1);
  const [running, waiting] = [new FakeTask('running'), new FakeTask('waiting')];
  fixture.pool.dispatch(running);
  fixture.pool.dispatch(waiting);
  assert.equal(fixture.pool.withdraw(running), false);
  assert.equal(fixture.pool.withdraw(waiting), true);
  assert.equal(fixture.pool.withdraw(waiting), false);
  fixture.finish(running);
  assert.deepEqual([waiting.starts, waiting.fails], [0, 0]);
});

test('aborting a wait rejects with the reason and leaves the line; a granted lease is not affected', async () => {
  const {pool} = createFixture({max: 1});
  const controller = new AbortController();
  const first = new FakeHolder(pool, {signal: controller.signal});
  await first.done;
  const second = new FakeHolder(pool, {signal: controller.signal});
  const third = new FakeHolder(pool);
  controller.abort(new Error('changed my mind'));
  await second.done;
  assert.equal(second.error, controller.signal.reason);
  assert.equal(first.lease?.resource.state, 'open');
  first.lease?.release();
  await third.done;
  assert.ok(third.lease);
  const late = new FakeHolder(pool, {signal: controller.signal});
  await late.done;
  assert.equal(late.error, controller.signal.reason);
});

test('finishing a task twice has no second effect', async () => {
  const fixture = createFixture({max: 1});
  await warmUp(fixture, 1);
  const [task, other] = [new FakeTask('a'), new FakeTask('b')];
  fixture.pool.dispatch(task);
  fixture.finish(task);
  fixture.pool.dispatch(other);
  fixture.pool.finish(task);
  assert.equal(fixture.pool.stats().busy, 1);
});

test('a thousand tasks that end inside start do not overflow the stack', async () => {
  const fixture = createFixture({max: 1});
  const holder = new FakeHolder(fixture.pool);
  await holder.done;
  const tasks = Array.from({length: 20_000}, (_, index) => {
    const task = new FakeTask(String(index), costOf(index % 2 === 0 ? 1 : 100));
    task.onStart = () => fixture.finish(task);
    return task;
  });
  for (const task of tasks) fixture.pool.dispatch(task);
  holder.lease?.release();
  assert.ok(tasks.every(({starts}) => starts === 1));
  assert.equal(fixture.pool.stats().idle, 1);
});

test('the queue timeout fails tasks and leases that waited for so long, and only those', async () => {
  const {pool, clock} = createFixture({max: 1, queueTimeoutMilliseconds: 1000});
  const holder = new FakeHolder(pool);
  await holder.done;
  const task = new FakeTask('task');
  pool.dispatch(task);
  const lease = new FakeHolder(pool);
  await clock.advance(999);
  const late = new FakeTask('late');
  pool.dispatch(late);
  assert.equal(task.fails, 0);
  await clock.advance(1);
  assert.ok(task.error instanceof TimeoutError);
  assert.ok(lease.error instanceof TimeoutError);
  assert.equal(late.fails, 0);
  await clock.advance(998);
  assert.equal(late.fails, 0);
  await clock.advance(1);
  assert.equal(late.fails, 1);
});

test('the queue timeout names the figures and every holder, and says what to do', async () => {
  const {pool, clock} = createFixture({
    max: 2,
    queueTimeoutMilliseconds: 500,
  });
  const first = new FakeHolder(pool, {label: 'tx of createOrder', site: '    at createOrder'});
  await clock.advance(1500);
  const second = new FakeHolder(pool, {label: 'stream of exportUsers'});
  await clock.advance(250);
  const waiting = new FakeHolder(pool);
  await clock.advance(500);
  assert.ok(first.lease && second.lease);
  const {error} = waiting;
  assert.ok(error instanceof TimeoutError);
  assert.equal(error.code, 'CONNECTION_POOL:QUEUE_TIMEOUT');
  assert.equal(error.sent, 'no');
  assert.match(error.message, /within 500 ms/);
  assert.match(error.message, /2 of at most 2 connections: 0 idle, 2 leased, 0 busy/);
  assert.match(error.message, /0 connecting; 1 calls wait/);
  assert.match(error.message, /tx of createOrder for 2250 ms\n    at createOrder\n/);
  assert.match(error.message, /stream of exportUsers for 750 ms/);
  assert.match(error.message, /raise poolSize/);
});

test('only work that waits keeps the process alive', async () => {
  const fixture = createFixture({
    max: 1,
    queueTimeoutMilliseconds: 1000,
    idleTimeoutMilliseconds: 1000,
  });
  const {pool, clock} = fixture;
  const holder = new FakeHolder(pool);
  await holder.done;
  assert.equal(clock.keepsAlive, false);
  for (let round = 0; round < 2; round++) {
    const task = new FakeTask('a');
    pool.dispatch(task);
    assert.equal(clock.keepsAlive, true);
    pool.withdraw(task);
    assert.equal(clock.keepsAlive, false);
  }
  holder.lease?.release();
  assert.equal(clock.keepsAlive, false);
});

test('one timer serves any number of waiting calls', async () => {
  const {pool, clock} = createFixture({max: 1, queueTimeoutMilliseconds: 1000});
  await new FakeHolder(pool).done;
  for (let index = 0; index < 100; index++) pool.dispatch(new FakeTask(String(index)));
  assert.equal(clock.timers.length, 1);
});
