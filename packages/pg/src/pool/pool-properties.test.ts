import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {CostEstimate} from './cost-estimate';
import {kindOf, reserveLimits} from './lane-policy';
import {
  FakeHolder,
  FakeTask,
  TransientError,
  costOf,
  createFixture,
  settle,
} from './pool-fakes.test.support';
import type {FakeResource, Fixture} from './pool-fakes.test.support';

const QUEUE_TIMEOUT_MILLISECONDS = 300;
const MAX_PIPELINE = 4;

const kinds = [
  'dispatch',
  'dispatch',
  'dispatch',
  'acquire',
  'acquire',
  'nestedAcquire',
  'abort',
  'withdraw',
  'finish',
  'finish',
  'finish',
  'release',
  'release',
  'destroy',
  'openOk',
  'openOk',
  'openTransient',
  'openFatal',
  'closeDone',
  'break',
  'spoil',
  'advance',
  'advanceFar',
] as const;
const action = fc.record({kind: fc.constantFrom(...kinds), pick: fc.nat(1000)});
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

class World {
  readonly fixture: Fixture;
  readonly tasks: FakeTask[] = [];
  readonly holders: {readonly holder: FakeHolder; readonly abort: AbortController}[] = [];
  readonly withdrawn = new Set<FakeTask>();
  readonly ended = new Set<FakeHolder>();
  readonly costs = [new CostEstimate(), new CostEstimate(), costOf(0.5), costOf(3), costOf(50)];

  constructor(readonly max: number) {
    this.fixture = createFixture({
      max,
      maxUses: 12,
      maxPipeline: MAX_PIPELINE,
      idleTimeoutMilliseconds: 200,
      queueTimeoutMilliseconds: QUEUE_TIMEOUT_MILLISECONDS,
      maxLifetimeMilliseconds: 2000,
    });
    this.fixture.factory.opensAtOnce = false;
    this.fixture.factory.closesAtOnce = false;
  }

  get held(): FakeHolder[] {
    return this.holders
      .map(({holder}) => holder)
      .filter((holder) => holder.lease !== undefined && !this.ended.has(holder));
  }

  get waitingTasks(): FakeTask[] {
    return this.tasks.filter((task) => task.starts + task.fails === 0 && !this.withdrawn.has(task));
  }

  get waitingHolders(): FakeHolder[] {
    return this.holders
      .map(({holder}) => holder)
      .filter(({lease, error}) => lease === undefined && error === undefined);
  }

  get open(): FakeResource[] {
    return this.fixture.factory.all.filter(({state}) => state === 'open');
  }

  async act({kind, pick}: Action): Promise<void> {
    const {pool, factory, clock} = this.fixture;
    const choose = <T>(from: readonly T[]): T | undefined => from[pick % Math.max(1, from.length)];
    switch (kind) {
      case 'dispatch': {
        const cost = choose(this.costs);
        const holder = pick % 7 === 0 ? choose(this.held)?.lease : undefined;
        const options = {alone: pick % 5 === 0, ...(holder === undefined ? {} : {holder})};
        const task = new FakeTask(String(this.tasks.length), cost, options);
        this.tasks.push(task);
        pool.dispatch(task);
        break;
      }
      case 'acquire':
      case 'nestedAcquire': {
        const abort = new AbortController();
        const around = kind === 'acquire' ? undefined : choose(this.held)?.lease;
        const holder = new FakeHolder(pool, {signal: abort.signal, holder: around});
        this.holders.push({holder, abort});
        break;
      }
      case 'abort':
        choose(this.holders)?.abort.abort(new Error('aborted'));
        break;
      case 'withdraw': {
        const task = choose(this.tasks);
        if (task !== undefined && pool.withdraw(task)) this.withdrawn.add(task);
        break;
      }
      case 'finish': {
        const task = choose(this.open.filter(({running}) => running.length > 0))?.running[0];
        if (task !== undefined) this.fixture.finish(task);
        break;
      }
      case 'release':
      case 'destroy': {
        const holder = choose(this.held);
        if (holder === undefined) break;
        this.ended.add(holder);
        if (kind === 'release') holder.lease?.release();
        else holder.lease?.destroy(new Error('destroyed'));
        break;
      }
      case 'openOk':
        await factory.succeed();
        break;
      case 'openTransient':
        await factory.failOpen(new TransientError('refused'));
        break;
      case 'openFatal':
        await factory.failOpen(new Error('no such database'));
        break;
      case 'closeDone':
        factory.closing.shift()?.();
        break;
      case 'break': {
        const resource = choose(this.open);
        if (resource === undefined) break;
        resource.state = 'destroyed';
        pool.remove(resource, new Error('reset'));
        break;
      }
      case 'spoil': {
        const resource = choose(this.open);
        if (resource !== undefined && pick % 3 === 0) resource.usable = false;
        break;
      }
      case 'advance':
        await clock.advance(pick / 100);
        break;
      case 'advanceFar':
        await clock.advance(pick);
        break;
    }
    await settle();
  }

  check(): void {
    const {pool, factory} = this.fixture;
    const stats = pool.stats();
    assert.ok(stats.total <= this.max, 'total <= max');
    assert.ok(
      this.open.length + factory.pending.length + factory.closing.length <= this.max,
      'sessions, those being opened and closed included, <= max',
    );
    assert.equal(stats.total, stats.idle + stats.leased + stats.busy + stats.connecting);
    assert.equal(stats.total - stats.connecting, this.open.length, 'open resources');
    assert.equal(stats.connecting, factory.pending.length);
    const heldOpen = this.held.filter(({lease}) => lease?.resource.state === 'open');
    assert.equal(stats.leased, heldOpen.length, 'leased');
    assert.equal(stats.busy, this.open.filter(({running}) => running.length > 0).length, 'busy');
    assert.equal(stats.waiting, this.waitingTasks.length + this.waitingHolders.length, 'waiting');
    this.#checkSharing(heldOpen);
    this.#checkNothingWaitsForNothing(stats.idle);
    this.#checkOrderOfLeases();
    for (const task of this.tasks) {
      const outcomes = task.starts + task.fails + (this.withdrawn.has(task) ? 1 : 0);
      assert.ok(outcomes <= 1, `task ${task.name} had ${outcomes} outcomes`);
    }
  }

  #checkSharing(held: readonly FakeHolder[]): void {
    for (const {lease} of held) assert.equal(lease?.resource.running.length, 0);
    for (const {running} of this.open) {
      assert.ok(running.length <= MAX_PIPELINE, 'maxPipeline');
      if (running.length < 2) continue;
      assert.ok(running.every(({alone, kindAtStart}) => !alone && kindAtStart === 'fast'));
    }
  }

  #checkNothingWaitsForNothing(idle: number): void {
    const {pool, factory, clock} = this.fixture;
    if (idle > 0) {
      assert.equal(this.waitingHolders.length, 0, 'a lease waits while a resource is idle');
      for (const task of this.waitingTasks) assert.equal(kindOf(task), 'slow');
      if (this.waitingTasks.length > 0) {
        const slow = this.open.filter(({running}) => running[0]?.kindAtStart === 'slow');
        const limit = this.max - reserveLimits(this.max).most;
        assert.ok(slow.length >= limit, 'slow work waits though it may run');
      }
    } else if (this.waitingTasks.length + this.waitingHolders.length > 0) {
      const {total} = pool.stats();
      const room = this.max - total - factory.closing.length;
      const retries = clock.timers.some(({due}) => due - clock.time <= 500);
      const slowOnly =
        this.waitingHolders.length === 0 &&
        this.waitingTasks.every((task) => kindOf(task) === 'slow');
      assert.ok(
        room === 0 || factory.pending.length > 0 || retries || slowOnly,
        'work waits, there is room, and nothing is being opened',
      );
    }
  }

  #checkOrderOfLeases(): void {
    const waiting = new Set(this.waitingHolders);
    const firstWaiting = this.holders.findIndex(({holder}) => waiting.has(holder));
    if (firstWaiting === -1) return;
    for (const {holder} of this.holders.slice(firstWaiting)) {
      assert.equal(holder.lease, undefined, 'a later call was served before an earlier one');
    }
  }

  /** Lets everything end in order, and checks that everything did. */
  async windDown(): Promise<void> {
    const {pool, factory, clock} = this.fixture;
    const outcome = {closed: false};
    const closing = (async () => {
      await pool.close();
      outcome.closed = true;
    })();
    for (let round = 0; round < 2000 && !outcome.closed; round++) {
      for (const {running} of this.open) {
        const [task] = running;
        if (task !== undefined) this.fixture.finish(task);
      }
      for (const holder of this.held) {
        this.ended.add(holder);
        holder.lease?.release();
      }
      factory.closing.shift()?.();
      await factory.succeed();
      await clock.advance(10);
      this.check();
    }
    assert.ok(outcome.closed, 'close settles');
    await closing;
    assert.equal(factory.openCount, 0, 'everything is closed');
    assert.equal(this.waitingTasks.length + this.waitingHolders.length, 0, 'everything settled');
    assert.equal(this.fixture.clock.timers.length, 0, 'no timer is left');
  }

  /** Closes with a limit, and checks that everything has settled when it is over. */
  async cutOff(): Promise<void> {
    const {pool, factory, clock} = this.fixture;
    const closing = pool.close({timeoutMilliseconds: 50});
    await clock.advance(50);
    await closing;
    assert.equal(this.waitingTasks.length + this.waitingHolders.length, 0, 'everything settled');
    while (factory.pending.length > 0) await factory.succeed();
    assert.equal(factory.openCount, 0, 'everything is closed');
    assert.equal(clock.timers.length, 0, 'no timer is left');
  }
}

test('whatever happens, the books are right, nobody waits for nothing, and everything settles once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({min: 1, max: 4}),
      fc.array(action, {maxLength: 120, size: 'max'}),
      fc.boolean(),
      async (max, actions, cutOff) => {
        const world = new World(max);
        for (const next of actions) {
          await world.act(next);
          world.check();
        }
        if (cutOff) await world.cutOff();
        else await world.windDown();
      },
    ),
    {numRuns: 200},
  );
});
