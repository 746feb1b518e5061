import assert from 'node:assert/strict';
import {test} from 'node:test';
import {CostEstimate} from './cost-estimate';
import {
  FakeHolder,
  FakeTask,
  costOf,
  createFixture,
  settle,
  warmUp,
} from './pool-fakes.test.support';
import {SimulatedTask, Simulation} from './simulation.test.support';

function dispatchAll(pool: {dispatch(task: FakeTask): void}, count: number, cost: CostEstimate) {
  const tasks = Array.from({length: count}, (_, index) => new FakeTask(String(index), cost));
  for (const task of tasks) pool.dispatch(task);
  return tasks;
}

function started(tasks: readonly FakeTask[]): number {
  return tasks.filter(({starts}) => starts === 1).length;
}

test('fast work is spread over idle resources first, then shares them', async () => {
  const fixture = createFixture({max: 2});
  await warmUp(fixture, 2);
  const tasks = dispatchAll(fixture.pool, 4, costOf(0.1));
  assert.deepEqual(
    fixture.factory.all.map(({running}) => running.length),
    [2, 2],
  );
  assert.equal(started(tasks), 4);
});

test('work of which nothing is known runs alone', async () => {
  const fixture = createFixture({max: 1});
  await warmUp(fixture, 1);
  const tasks = dispatchAll(fixture.pool, 3, new CostEstimate());
  assert.equal(started(tasks), 1);
  const fast = dispatchAll(fixture.pool, 1, costOf(0.1));
  assert.equal(started(fast), 0);
});

test('work that turns out fast is shared from then on, in the order in which it came', async () => {
  const fixture = createFixture({max: 1});
  await warmUp(fixture, 1);
  const tasks = dispatchAll(fixture.pool, 10, new CostEstimate());
  const [first] = tasks;
  assert.ok(first);
  await fixture.clock.advance(0.2);
  fixture.finish(first);
  assert.equal(started(tasks), 10);
  const order = tasks.slice(1).map(({name}) => name);
  assert.deepEqual(
    fixture.factory.all[0]?.running.map(({name}) => name),
    order,
  );
});

test('work that asks to be alone shares with nothing, before or behind', async () => {
  const fixture = createFixture({max: 1});
  await warmUp(fixture, 1);
  const cost = costOf(0.1);
  const [before, behind] = [new FakeTask('before', cost), new FakeTask('behind', cost)];
  const alone = new FakeTask('alone', cost, {alone: true});
  fixture.pool.dispatch(before);
  fixture.pool.dispatch(alone);
  fixture.pool.dispatch(behind);
  assert.deepEqual([alone.starts, behind.starts], [0, 0]);
  fixture.finish(before);
  assert.deepEqual([alone.starts, behind.starts], [1, 0]);
  fixture.finish(alone);
  assert.equal(behind.starts, 1);
});

test('a leased resource is shared with nothing', async () => {
  const fixture = createFixture({max: 1});
  const holder = new FakeHolder(fixture.pool);
  await holder.done;
  assert.equal(started(dispatchAll(fixture.pool, 1, costOf(0.1))), 0);
});

test('a lane takes maxPipeline tasks, and more only when half of them are done', async () => {
  const fixture = createFixture({max: 1, maxPipeline: 8});
  await warmUp(fixture, 1);
  const tasks = dispatchAll(fixture.pool, 30, costOf(0.1));
  assert.equal(started(tasks), 8);
  for (const task of tasks.slice(0, 3)) fixture.finish(task);
  assert.equal(started(tasks), 8);
  for (const task of tasks.slice(3, 4)) fixture.finish(task);
  assert.equal(started(tasks), 12);
});

test('maxPipeline 1 turns sharing off', async () => {
  const fixture = createFixture({max: 2, maxPipeline: 1});
  await warmUp(fixture, 2);
  assert.equal(started(dispatchAll(fixture.pool, 10, costOf(0.1))), 2);
});

test('a lane is given at most 5 ms of expected work', async () => {
  const fixture = createFixture({max: 1});
  await warmUp(fixture, 1);
  assert.equal(started(dispatchAll(fixture.pool, 10, costOf(2))), 2);
});

test('an overdue lane is given nothing more', async () => {
  const fixture = createFixture({max: 1});
  await warmUp(fixture, 1);
  const [first] = dispatchAll(fixture.pool, 1, costOf(0.5));
  await fixture.clock.advance(2.1);
  const [second] = dispatchAll(fixture.pool, 1, costOf(0.5));
  assert.ok(first && second);
  assert.equal(second.starts, 0);
  fixture.finish(first);
  assert.equal(second.starts, 1);
});

test('fast work does not overtake fast work that waits, even where it would fit', async () => {
  const fixture = createFixture({max: 1});
  await warmUp(fixture, 1);
  const [first] = dispatchAll(fixture.pool, 1, costOf(3));
  const [waiting] = dispatchAll(fixture.pool, 1, costOf(4));
  const [small] = dispatchAll(fixture.pool, 1, costOf(0.1));
  assert.ok(first && waiting && small);
  assert.deepEqual([waiting.starts, small.starts], [0, 0]);
  fixture.finish(first);
  assert.deepEqual([waiting.starts, small.starts], [1, 1]);
});

test('a task is charged the time from the end of the one before it', async () => {
  const fixture = createFixture({max: 1});
  await warmUp(fixture, 1);
  const [first] = dispatchAll(fixture.pool, 1, costOf(2));
  const second = new FakeTask('second', costOf(0.5));
  fixture.pool.dispatch(second);
  assert.ok(first);
  await fixture.clock.advance(2);
  fixture.finish(first);
  await fixture.clock.advance(0.5);
  fixture.finish(second);
  assert.equal(second.cost.meanMilliseconds, 0.5);
});

test('a resource that is not usable for now is given nothing more, and keeps what it runs', async () => {
  const fixture = createFixture({max: 1});
  await warmUp(fixture, 1);
  const [first, , last] = dispatchAll(fixture.pool, 3, costOf(0.1));
  const [resource] = fixture.factory.all;
  assert.ok(first && last && resource);
  resource.usable = false;
  const [waiting] = dispatchAll(fixture.pool, 1, costOf(0.1));
  fixture.finish(first);
  assert.equal(waiting?.starts, 0);
  assert.equal(resource.state, 'open');
  resource.usable = true;
  fixture.finish(last);
  assert.equal(waiting?.starts, 1);
});

test('slow work leaves resources free for other work, and takes its turn when one is done', async () => {
  const fixture = createFixture({max: 5});
  await warmUp(fixture, 5);
  const slow = dispatchAll(fixture.pool, 6, costOf(100));
  assert.equal(started(slow), 4);
  assert.equal(fixture.pool.stats().idle, 1);
  assert.equal(started(dispatchAll(fixture.pool, 3, costOf(0.1))), 3);
  const [first] = slow;
  assert.ok(first);
  fixture.finish(first);
  assert.equal(started(slow), 5);
});

test('slow work that waits for its share is not a reason to open more', async () => {
  const fixture = createFixture({max: 5});
  await warmUp(fixture, 4);
  dispatchAll(fixture.pool, 6, costOf(100));
  await settle();
  assert.equal(fixture.factory.attempts, 4);
});

test('when a resource with slow work breaks, waiting slow work takes the idle one', async () => {
  const fixture = createFixture({max: 2});
  await warmUp(fixture, 2);
  const [first, second] = dispatchAll(fixture.pool, 2, costOf(100));
  assert.ok(first?.resource && second);
  assert.equal(second.starts, 0);
  fixture.pool.remove(first.resource);
  assert.equal(second.starts, 1);
});

test('work that turns out slow while it waits does not hold up what stands behind it', async () => {
  const fixture = createFixture({max: 2});
  await warmUp(fixture, 2);
  const cost = new CostEstimate();
  const unknown = dispatchAll(fixture.pool, 5, cost);
  const fast = new FakeTask('fast', costOf(0.1));
  fixture.pool.dispatch(fast);
  const [a, b] = unknown;
  assert.ok(a && b);
  await fixture.clock.advance(100);
  fixture.finish(a);
  // One of two may run slow work; the other keeps running what was unknown when it started.
  assert.equal(started(unknown), 3);
  fixture.finish(b);
  assert.equal(started(unknown), 3);
  assert.equal(fast.starts, 1);
});

test('fast work that turns out slow while it waits does not hold up other work either', async () => {
  const fixture = createFixture({max: 2});
  await warmUp(fixture, 2);
  const [slowA, alone] = [new FakeTask('a', costOf(100)), new FakeTask('b', new CostEstimate())];
  fixture.pool.dispatch(slowA);
  fixture.pool.dispatch(alone);
  const cost = costOf(1);
  const turning = dispatchAll(fixture.pool, 2, cost);
  const fast = new FakeTask('fast', costOf(0.1));
  fixture.pool.dispatch(fast);
  for (let run = 0; run < 10; run++) cost.record(200);
  fixture.finish(alone);
  assert.equal(fast.starts, 1);
  assert.equal(started(turning), 0);
});

test('a pool grows while fast work shares what is open', async () => {
  const fixture = createFixture({max: 3});
  await warmUp(fixture, 1);
  fixture.factory.opensAtOnce = false;
  const tasks = dispatchAll(fixture.pool, 5, costOf(0.1));
  assert.equal(started(tasks), 5);
  assert.equal(fixture.pool.stats().connecting, 1);
});

// Closed load: every task that ends is replaced, so that no lane is ever free by itself.
function saturate(simulation: Simulation, outstanding: number, milliseconds: number): void {
  const cost = costOf(1);
  const again = () => simulation.dispatch(new SimulatedTask('fast', cost, milliseconds));
  simulation.onFinish = (task) => {
    if (task.name === 'fast') again();
  };
  for (let index = 0; index < outstanding; index++) again();
}

for (const max of [1, 2, 10]) {
  test(`leases, unknown and slow work are served in bounded time under saturating fast load (max ${max})`, async () => {
    const fixture = createFixture({max});
    await warmUp(fixture, max);
    const simulation = new Simulation(fixture);
    const outstanding = max * 30;
    saturate(simulation, outstanding, 0.5);
    simulation.run(100);
    const slow = new SimulatedTask('slow', costOf(100), 100);
    const unknown = new SimulatedTask('unknown', new CostEstimate(), 1);
    const alone = new SimulatedTask('alone', costOf(0.1), 0.1, {alone: true});
    const holder = new FakeHolder(fixture.pool);
    for (const task of [slow, unknown, alone]) simulation.dispatch(task);
    // What waits ahead of them takes 30 x 0.5 ms per resource; then one lane at a time is drained.
    simulation.run(200);
    await settle();
    assert.ok(holder.lease, 'the lease');
    holder.lease.release();
    simulation.run(400);
    for (const task of [slow, unknown, alone]) assert.equal(task.starts, 1, task.name);
    const waited = Math.max(...[unknown, alone].map((task) => task.startedAt - 100));
    assert.ok(waited < 250, `waited ${waited} ms`);
  });
}
