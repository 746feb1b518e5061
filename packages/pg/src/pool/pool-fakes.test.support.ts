/** A clock that is set by hand, resources that open and break on command, and tasks that keep a diary. */
import type {Clock, TimerHandle} from './clock';
import {CostEstimate} from './cost-estimate';
import type {Lane, Task} from './lane';
import {kindOf} from './lane-policy';
import type {WorkKind} from './lane-policy';
import type {Lease} from './lease';
import {Pool} from './pool';
import type {AcquireOptions} from './pool';
import type {PoolOptions, ResourceFactory} from './pool-options';
import type {Fifo} from './queue';

interface FakeTimer extends TimerHandle {
  readonly fn: () => void;
  readonly due: number;
  keepsAlive: boolean;
}

/** Lets everything run that needs no more time to pass. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

export class FakeClock implements Clock {
  time = 0;
  readonly timers: FakeTimer[] = [];

  now(): number {
    return this.time;
  }

  setTimer(fn: () => void, milliseconds: number): FakeTimer {
    const timer: FakeTimer = {
      fn,
      due: this.time + milliseconds,
      keepsAlive: true,
      ref: () => {
        timer.keepsAlive = true;
      },
      unref: () => {
        timer.keepsAlive = false;
      },
    };
    this.timers.push(timer);
    return timer;
  }

  clearTimer(handle: TimerHandle): void {
    const index = this.timers.findIndex((timer) => timer === handle);
    if (index !== -1) this.timers.splice(index, 1);
  }

  get keepsAlive(): boolean {
    return this.timers.some((timer) => timer.keepsAlive);
  }

  /** Passes time, firing timers when they are due. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    await settle();
    for (;;) {
      const next = this.timers.filter(({due}) => due <= end).sort((a, b) => a.due - b.due)[0];
      if (next === undefined) break;
      this.clearTimer(next);
      this.time = Math.max(this.time, next.due);
      next.fn();
      await settle();
    }
    this.time = end;
  }
}

export class FakeResource {
  usable = true;
  state: 'open' | 'closed' | 'destroyed' = 'open';
  readonly running: FakeTask[] = [];

  constructor(readonly id: number) {}
}

export class TransientError extends Error {}

interface Attempt {
  resolve(resource: FakeResource): void;
  reject(error: Error): void;
}

export class FakeFactory implements ResourceFactory<FakeResource> {
  /** Open at once (default), or wait for `succeed` and `failOpen`. */
  opensAtOnce = true;
  closesAtOnce = true;
  attempts = 0;
  readonly attemptTimes: number[] = [];
  readonly pending: Attempt[] = [];
  readonly closing: (() => void)[] = [];
  readonly all: FakeResource[] = [];
  /** What resources that are opened from now on are said to be away. */
  reportedRoundTripMilliseconds = 0;

  constructor(readonly clock: FakeClock) {}

  open(): Promise<FakeResource> {
    this.attempts++;
    this.attemptTimes.push(this.clock.now());
    if (this.opensAtOnce) return Promise.resolve(this.#create());
    return new Promise((resolve, reject) => {
      this.pending.push({resolve, reject});
    });
  }

  close(resource: FakeResource): Promise<void> {
    resource.state = 'closed';
    if (this.closesAtOnce) return Promise.resolve();
    return new Promise((resolve) => {
      this.closing.push(resolve);
    });
  }

  destroy(resource: FakeResource): void {
    resource.state = 'destroyed';
    for (const task of resource.running.splice(0)) task.broken = true;
  }

  usable(resource: FakeResource): boolean {
    return resource.usable;
  }

  roundTripMilliseconds(): number {
    return this.reportedRoundTripMilliseconds;
  }

  isTransient(error: unknown): boolean {
    return error instanceof TransientError;
  }

  /** The oldest pending attempt succeeds. */
  async succeed(): Promise<void> {
    this.pending.shift()?.resolve(this.#create());
    await settle();
  }

  async failOpen(error: Error): Promise<void> {
    this.pending.shift()?.reject(error);
    await settle();
  }

  get openCount(): number {
    return this.all.filter(({state}) => state === 'open').length;
  }

  #create(): FakeResource {
    const resource = new FakeResource(this.all.length + 1);
    this.all.push(resource);
    return resource;
  }
}

export class FakeTask implements Task<FakeResource> {
  readonly cost: CostEstimate;
  readonly alone: boolean;
  readonly holder: object | undefined;
  lane: Lane<FakeResource> | undefined = undefined;
  startedAt = 0;
  queuedAt = 0;
  expectedMilliseconds = 0;
  arrival = 0;
  queue: Fifo<Task<FakeResource>> | undefined = undefined;
  queuePrevious: Task<FakeResource> | undefined = undefined;
  queueNext: Task<FakeResource> | undefined = undefined;
  resource: FakeResource | undefined = undefined;
  error: Error | undefined = undefined;
  kindAtStart: WorkKind | undefined = undefined;
  starts = 0;
  fails = 0;
  broken = false;
  onStart: (() => void) | undefined = undefined;

  constructor(
    readonly name: string,
    cost: CostEstimate = new CostEstimate(),
    options: {alone?: boolean; holder?: object} = {},
  ) {
    this.cost = cost;
    this.alone = options.alone ?? false;
    this.holder = options.holder;
  }

  start(resource: FakeResource): void {
    this.starts++;
    this.kindAtStart = kindOf(this);
    this.resource = resource;
    resource.running.push(this);
    this.onStart?.();
  }

  fail(error: Error): void {
    this.fails++;
    this.error = error;
  }
}

export function costOf(milliseconds: number): CostEstimate {
  const cost = new CostEstimate();
  cost.record(milliseconds);
  return cost;
}

/** A call of `acquire` and what became of it. */
export class FakeHolder {
  lease: Lease<FakeResource> | undefined = undefined;
  error: unknown = undefined;
  readonly done: Promise<void>;

  constructor(pool: Pool<FakeResource>, options: AcquireOptions = {}) {
    this.done = this.#wait(pool, options);
  }

  async #wait(pool: Pool<FakeResource>, options: AcquireOptions): Promise<void> {
    try {
      this.lease = await pool.acquire(options);
    } catch (error) {
      this.error = error;
    }
  }
}

export interface Fixture {
  readonly clock: FakeClock;
  readonly factory: FakeFactory;
  readonly pool: Pool<FakeResource>;
  readonly errors: unknown[];
  /** The task's answer came. */
  finish(task: FakeTask): void;
}

export function createFixture(options: Partial<PoolOptions> = {}): Fixture {
  const clock = new FakeClock();
  const factory = new FakeFactory(clock);
  const errors: unknown[] = [];
  const pool = new Pool(
    factory,
    {
      max: 2,
      idleTimeoutMilliseconds: 0,
      maxUses: Infinity,
      queueTimeoutMilliseconds: 0,
      random: () => 0.5,
      onError: (error) => errors.push(error),
      ...options,
    },
    clock,
  );
  const finish = (task: FakeTask): void => {
    const running = task.resource?.running ?? [];
    const index = running.indexOf(task);
    if (index !== -1) running.splice(index, 1);
    pool.finish(task);
  };
  return {clock, factory, pool, errors, finish};
}

/** Opens `count` resources and leaves them idle. */
export async function warmUp({pool}: Fixture, count: number): Promise<void> {
  const holders = Array.from({length: count}, () => new FakeHolder(pool));
  await Promise.all(holders.map(({done}) => done));
  for (const {lease} of holders) lease?.release();
}
