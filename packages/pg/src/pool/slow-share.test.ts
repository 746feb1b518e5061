/** Short work beside slow work of 200 ms in a pool of ten, in simulated time: neither keeps the other waiting. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {FakeHolder, costOf, createFixture, settle, warmUp} from './pool-fakes.test.support';
import {SimulatedTask, Simulation, arrivals, seeded} from './simulation.test.support';

const SLOW_MILLISECONDS = 200;

class Load {
  readonly #random = seeded(7);
  readonly #costs = {fast: costOf(1), slow: costOf(SLOW_MILLISECONDS)};
  readonly #fixture = createFixture({max: 10});
  readonly simulation = new Simulation(this.#fixture);

  static async create(): Promise<Load> {
    const load = new Load();
    await warmUp(load.#fixture, 10);
    return load;
  }

  fast(perSecond: number, milliseconds: number, until: number): void {
    const create = () =>
      new SimulatedTask('fast', this.#costs.fast, milliseconds * (0.5 + this.#random()));
    arrivals(this.simulation, perSecond, this.#random, create, until);
  }

  slow(perSecond: number, until: number): void {
    const create = () => new SimulatedTask('slow', this.#costs.slow, SLOW_MILLISECONDS);
    arrivals(this.simulation, perSecond, this.#random, create, until);
  }

  async lease(): Promise<FakeHolder> {
    const holder = new FakeHolder(this.#fixture.pool);
    await holder.done;
    return holder;
  }

  /** How many resources run slow work now. */
  get slowRunning(): number {
    return this.#fixture.factory.all.filter(({running}) => running[0]?.name === 'slow').length;
  }

  /** Of the fast tasks that came from this moment on. */
  p99(since = 0): number {
    const latencies = this.simulation.finished
      .filter(({task}) => task.name === 'fast' && task.dispatchedAt >= since)
      .map(({latencyMilliseconds}) => latencyMilliseconds)
      .sort((a, b) => a - b);
    assert.ok(latencies.length > 500, `${latencies.length} fast tasks`);
    return latencies[Math.floor(latencies.length * 0.99)] ?? Infinity;
  }
}

for (const slowPerSecond of [15, 60]) {
  test(`fast tasks never wait behind slow ones (${slowPerSecond} slow ones of 200 ms per second, room for 50)`, async () => {
    const load = await Load.create();
    load.fast(1200, 1, 5000);
    load.slow(slowPerSecond, 5000);
    load.simulation.run(6000);
    const fast = load.simulation.finished.filter(({task}) => task.name === 'fast');
    assert.ok(fast.length > 5000);
    assert.equal(fast.filter(({task}) => task.behind.includes('slow')).length, 0);
    assert.ok(load.p99() < 5, `p99 of fast tasks: ${load.p99()} ms`);
  });
}

test('slow work gets a ninth resource of ten where fast work needs less than half of one', async () => {
  const load = await Load.create();
  load.fast(4000, 0.1, 5000);
  load.slow(60, 5000);
  load.simulation.run(1000);
  assert.equal(load.slowRunning, 9);
  load.simulation.run(5000);
  assert.ok(load.p99() < 1, `p99 of fast tasks: ${load.p99()} ms`);
  const slow = load.simulation.finished.filter(({task}) => task.name === 'slow');
  // Nine resources for four of the five seconds, eight at first.
  assert.ok(slow.length > 9 * 4 * 5 - 20, `${slow.length} slow tasks`);
});

for (const perSecond of [500, 700, 900, 1200]) {
  test(`fast work that keeps ${perSecond / 1000} of a resource busy does not queue for what is left of an overload`, async () => {
    const load = await Load.create();
    load.fast(perSecond, 1, 5000);
    load.slow(60, 5000);
    load.simulation.run(5000);
    assert.ok(load.p99() < 5, `p99 of fast tasks: ${load.p99()} ms`);
  });
}

test('when fast work grows, it has its second resource back as soon as the slow work that has it is done', async () => {
  const load = await Load.create();
  load.fast(200, 1, 2000);
  load.slow(60, 5000);
  load.simulation.run(2000);
  assert.equal(load.slowRunning, 9);
  load.fast(1200, 1, 5000);
  load.simulation.run(2500);
  assert.equal(load.slowRunning, 8);
  load.simulation.run(5000);
  const p99 = load.p99(2750);
  assert.ok(p99 < 5, `p99 of fast tasks half a second later: ${p99} ms`);
});

test('resources that are leased are not taken for unused ones', async () => {
  const load = await Load.create();
  const holder = await load.lease();
  load.slow(60, 3000);
  load.simulation.run(2000);
  assert.equal(load.slowRunning, 8);
  holder.lease?.release();
  await settle();
  load.simulation.run(3000);
  assert.equal(load.slowRunning, 9);
});
