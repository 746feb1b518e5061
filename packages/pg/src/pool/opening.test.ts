import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {TimeoutError} from '../errors';
import {
  FakeHolder,
  FakeTask,
  TransientError,
  costOf,
  createFixture,
  settle,
  warmUp,
} from './pool-fakes.test.support';

test('a pool opens as many as work waits for, up to max', async () => {
  const {pool, factory} = createFixture({max: 3});
  factory.opensAtOnce = false;
  const holders = Array.from({length: 2}, () => new FakeHolder(pool));
  assert.equal(factory.pending.length, 2);
  const more = Array.from({length: 5}, () => new FakeHolder(pool));
  assert.equal(factory.pending.length, 3);
  assert.equal(pool.stats().connecting, 3);
  for (let index = 0; index < 3; index++) await factory.succeed();
  assert.equal([...holders, ...more].filter(({lease}) => lease !== undefined).length, 3);
});

test('whoever waits longest gets the resource that comes first', async () => {
  const {pool, factory} = createFixture({max: 2});
  const first = new FakeHolder(pool);
  await first.done;
  factory.opensAtOnce = false;
  const [second, third] = [new FakeHolder(pool), new FakeHolder(pool)];
  first.lease?.release();
  await second.done;
  assert.equal(second.lease?.resource.id, 1);
  await factory.succeed();
  assert.equal(third.lease?.resource.id, 2);
});

test('one that was opened for work that is served by then is told of, and one that is used is not', async () => {
  let unused = 0;
  const {pool, factory} = createFixture({max: 2, onUnused: () => unused++});
  const first = new FakeHolder(pool);
  await first.done;
  factory.opensAtOnce = false;
  const second = new FakeHolder(pool);
  first.lease?.release();
  await second.done;
  second.lease?.release();
  assert.equal(unused, 0);
  await factory.succeed();
  assert.equal(pool.stats().idle, 2);
  assert.equal(unused, 1);
});

test('an attempt belongs to the pool: when its caller gives up, the next one profits', async () => {
  const {pool, factory} = createFixture({max: 1});
  factory.opensAtOnce = false;
  const controller = new AbortController();
  const first = new FakeHolder(pool, {signal: controller.signal});
  controller.abort();
  await first.done;
  const second = new FakeHolder(pool);
  await factory.succeed();
  assert.ok(second.lease);
  assert.equal(factory.attempts, 1);
});

test('a failure that is not transient fails all that waits at once where nothing is open', async () => {
  const {pool, factory, errors} = createFixture({max: 2});
  factory.opensAtOnce = false;
  const holder = new FakeHolder(pool);
  const task = new FakeTask('a');
  pool.dispatch(task);
  const reason = new Error('password authentication failed');
  await factory.failOpen(reason);
  assert.equal(holder.error, reason);
  assert.equal(task.error, reason);
  // The second attempt of the burst tells nobody anything new.
  await factory.failOpen(reason);
  assert.deepEqual(errors, []);
});

test('a failure while other resources live is reported, and the work waits on', async () => {
  const {pool, factory, errors} = createFixture({max: 2});
  const first = new FakeHolder(pool);
  await first.done;
  factory.opensAtOnce = false;
  const second = new FakeHolder(pool);
  const reason = new Error('too many clients');
  await factory.failOpen(reason);
  assert.deepEqual(errors, [reason]);
  first.lease?.release();
  await second.done;
  assert.ok(second.lease);
});

test('transient failures are retried soon, then ever more slowly, until the queue timeout names the cause', async () => {
  const {pool, factory, clock, errors} = createFixture({
    max: 1,
    queueTimeoutMilliseconds: 3000,
    random: () => 0,
  });
  factory.opensAtOnce = false;
  const holder = new FakeHolder(pool);
  for (let round = 0; round < 6; round++) {
    await factory.failOpen(new TransientError('refused'));
    await clock.advance(Math.max(0, nextTimer()));
  }
  function nextTimer(): number {
    return Math.min(...clock.timers.map(({due}) => due)) - clock.time;
  }
  assert.deepEqual(factory.attemptTimes, [0, 50, 150, 350, 750, 1250, 1750]);
  assert.equal(errors.length, 6);
  await clock.advance(3000 - clock.time);
  const {error} = holder;
  assert.ok(error instanceof TimeoutError);
  assert.ok(error.cause instanceof TransientError);
  assert.match(error.message, /0 of at most 1|1 of at most 1/);
  assert.match(error.message, /see the cause/);
});

test('attempts that fail together count as one failure: the first retry comes soon', async () => {
  const {pool, factory, clock} = createFixture({max: 5, random: () => 0});
  factory.opensAtOnce = false;
  for (let index = 0; index < 5; index++) pool.dispatch(new FakeTask(String(index)));
  while (factory.pending.length > 0) await factory.failOpen(new TransientError('refused'));
  await clock.advance(50);
  assert.equal(factory.attempts, 6);
});

test('up to half of the pause before a retry is random', async () => {
  const {pool, factory, clock} = createFixture({max: 1, random: () => 0.9});
  factory.opensAtOnce = false;
  pool.dispatch(new FakeTask('a'));
  await factory.failOpen(new TransientError('refused'));
  await clock.advance(50);
  assert.deepEqual(factory.attemptTimes, [0, 28]);
});

for (const random of [0, 0.5, 0.999]) {
  test(`a server that refuses for 3 s is asked at most 10 times per second, and found within 1 s (random ${random})`, async () => {
    const {pool, factory, clock} = createFixture({max: 10, random: () => random});
    factory.opensAtOnce = false;
    const holders = Array.from({length: 100}, () => new FakeHolder(pool));
    for (let elapsed = 0; elapsed < 3000; elapsed += 10) {
      while (factory.pending.length > 0) await factory.failOpen(new TransientError('refused'));
      await clock.advance(10);
    }
    assert.ok(factory.attempts <= 30, `${factory.attempts} attempts in 3 s`);
    assert.ok(factory.attempts >= 8);
    while (factory.pending.length > 0) await factory.failOpen(new TransientError('refused'));
    factory.opensAtOnce = true;
    await clock.advance(1000);
    assert.equal(holders.filter(({lease}) => lease !== undefined).length, 10);
  });
}

test('nothing is retried when nobody waits any more', async () => {
  const {pool, factory, clock} = createFixture({max: 1});
  factory.opensAtOnce = false;
  const task = new FakeTask('a');
  pool.dispatch(task);
  await factory.failOpen(new TransientError('refused'));
  pool.withdraw(task);
  await clock.advance(10_000);
  assert.equal(factory.attempts, 1);
  assert.equal(clock.timers.length, 0);
});

test('openRetryMilliseconds bounds how long work waits for a server that cannot be reached', async () => {
  const {pool, factory, clock} = createFixture({max: 1, openRetryMilliseconds: 1000});
  factory.opensAtOnce = false;
  const holder = new FakeHolder(pool);
  while (clock.time < 900) {
    await factory.failOpen(new TransientError('refused'));
    await clock.advance(50);
  }
  assert.equal(holder.error, undefined);
  while (clock.time < 1700) {
    await factory.failOpen(new TransientError('refused'));
    await clock.advance(50);
  }
  await holder.done;
  const reason: unknown = holder.error;
  assert.ok(reason instanceof TransientError);
});

test('a resource is closed after maxUses tasks and leases, and replaced for those who wait', async () => {
  const fixture = createFixture({max: 1, maxUses: 2});
  const {pool, factory} = fixture;
  const holder = new FakeHolder(pool);
  const tasks = [new FakeTask('a'), new FakeTask('b')] as const;
  for (const task of tasks) pool.dispatch(task);
  await settle();
  holder.lease?.release();
  assert.equal(tasks[0].resource?.id, 1);
  fixture.finish(tasks[0]);
  await settle();
  assert.equal(tasks[1].resource?.id, 2);
  assert.equal(factory.all[0]?.state, 'closed');
});

test('pipelined tasks count as uses, too', async () => {
  const fixture = createFixture({max: 1, maxUses: 3});
  await warmUp(fixture, 1);
  const cost = costOf(0.1);
  const tasks = Array.from({length: 5}, (_, index) => new FakeTask(String(index), cost));
  for (const task of tasks) fixture.pool.dispatch(task);
  assert.deepEqual(
    tasks.map(({starts}) => starts),
    [1, 1, 0, 0, 0],
  );
});

test('a resource being closed counts against max until it is closed', async () => {
  const fixture = createFixture({max: 1, maxUses: 1});
  const {pool, factory} = fixture;
  factory.closesAtOnce = false;
  const [first, second] = [new FakeHolder(pool), new FakeHolder(pool)];
  await first.done;
  first.lease?.release();
  await settle();
  assert.equal(factory.attempts, 1);
  factory.closing.shift()?.();
  await second.done;
  assert.equal(factory.attempts, 2);
});

test('a resource that was idle for too long is closed, one in use is not', async () => {
  const fixture = createFixture({max: 3, idleTimeoutMilliseconds: 1000});
  const {pool, clock, factory} = fixture;
  await warmUp(fixture, 3);
  await clock.advance(600);
  const task = new FakeTask('a');
  pool.dispatch(task);
  fixture.finish(task);
  const holder = new FakeHolder(pool);
  await holder.done;
  await clock.advance(400);
  assert.equal(pool.stats().total, 1);
  await clock.advance(5000);
  assert.equal(holder.lease?.resource.state, 'open');
  holder.lease.release();
  await clock.advance(999);
  assert.equal(pool.stats().idle, 1);
  await clock.advance(1);
  assert.equal(pool.stats().total, 0);
  assert.equal(factory.openCount, 0);
});

/** The most that retire within any hundredth of their life, of so many opened together. */
async function mostRetiredTogether(max: number, first: number): Promise<number> {
  const lifetime = 10_000;
  const fixture = createFixture({max, maxLifetimeMilliseconds: lifetime, random: () => first});
  await warmUp(fixture, max);
  await fixture.clock.advance(0.8 * lifetime - 1);
  const left = [fixture.pool.stats().total];
  assert.equal(left[0], max, 'none before four fifths of their life');
  const step = lifetime / 1000;
  for (let passed = 0; passed <= 0.2 * lifetime + 1; passed += step) {
    await fixture.clock.advance(step);
    left.push(fixture.pool.stats().total);
  }
  assert.equal(left.at(-1), 0);
  return Math.max(...left.slice(10).map((total, index) => (left[index] ?? 0) - total));
}

test('of resources opened together at most a fifth retire within a hundredth of their life', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({min: 5, max: 30}),
      fc.double({min: 0, max: 1, maxExcluded: true, noNaN: true}),
      async (max, first) => {
        assert.ok((await mostRetiredTogether(max, first)) <= max / 5);
      },
    ),
    {numRuns: 15},
  );
});

test('a resource in use retires when it is free', async () => {
  const {pool, clock} = createFixture({max: 1, maxLifetimeMilliseconds: 1000});
  const holder = new FakeHolder(pool);
  await clock.advance(60_000);
  assert.equal(holder.lease?.resource.state, 'open');
  holder.lease.release();
  assert.equal(holder.lease.resource.state, 'closed');
});

test('callbacks are told of opened and closed resources, and what they throw breaks nothing', async () => {
  const told: unknown[] = [];
  const {pool, errors} = createFixture({
    onOpened: () => {
      told.push('opened');
      throw new Error('of a callback');
    },
    onClosed: (reason) => told.push(reason),
  });
  const [first, second] = [new FakeHolder(pool), new FakeHolder(pool)];
  await Promise.all([first.done, second.done]);
  const reset = new Error('reset');
  assert.ok(first.lease);
  pool.remove(first.lease.resource, reset);
  second.lease?.release();
  await pool.close();
  assert.deepEqual(told, ['opened', 'opened', reset, undefined]);
  assert.equal(errors.length, 2);
});
