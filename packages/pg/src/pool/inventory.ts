/**
 * The resources of a pool: opening, retiring, replacing and counting them.
 *
 * Does not know what waits or why. Invariant: open, opening and closing resources together are never more
 * than `max`, so that the other side never sees more sessions than configured.
 */
import {ConnectionError} from '../errors';
import type {Clock} from './clock';
import {IdleLanes} from './idle-lanes';
import {Lane} from './lane';
import {Lanes} from './lanes';
import {Opener} from './opener';
import type {FailureKind} from './opener';
import type {PoolOptions, PoolCounts, ResourceFactory} from './pool-options';

/** A lane retires up to this part of its lifetime early, so that a pool never reconnects all at once. */
const LIFETIME_JITTER = 0.2;
/**
 * How far from the one before each lane retires early, as a part of that. Multiples of the golden ratio fall evenly
 * into any interval however many there are; random numbers fall in heaps.
 */
const LIFETIME_STEP = (Math.sqrt(5) - 1) / 2;

/** So long it is counted on from when it was read: reading it for each query that ends is dearer. */
const TIME_OF_DAY_HOLDS_MILLISECONDS = 100;

export interface InventoryEvents<R> {
  opened(lane: Lane<R>): void;
  openFailed(error: unknown, kind: FailureKind): void;
  /** There is room, or a reason, to look at the waiting work again. */
  changed(): void;
}

export class Inventory<R> {
  readonly lanes = new Lanes<R>();
  readonly idle: IdleLanes<R>;
  /** False once the pool closes: what is not used is closed. */
  keepsIdle = true;
  readonly #factory: ResourceFactory<R>;
  readonly #options: PoolOptions;
  readonly #clock: Clock;
  readonly #timeOfDay: () => number;
  /** When it was looked at last, by the clock, and what it was. */
  #timeOfDayAt = -Infinity;
  #lastTimeOfDay = 0;
  readonly #verifyAfterMilliseconds: number;
  readonly #events: InventoryEvents<R>;
  readonly #opener: Opener<R>;
  #closing = 0;
  /** Since the beginning. */
  opened = 0;
  closed = 0;
  openFailures = 0;
  /** 0 to 1: which part of the jitter the next lane gets. Begins at random, so that many pools are not in step. */
  #early: number;

  constructor(
    factory: ResourceFactory<R>,
    options: PoolOptions,
    clock: Clock,
    events: InventoryEvents<R>,
  ) {
    this.#factory = factory;
    this.#options = options;
    this.#clock = clock;
    const random = options.random ?? Math.random;
    this.#early = random();
    this.#timeOfDay = options.timeOfDay ?? (() => Date.now());
    this.#verifyAfterMilliseconds =
      factory.verify === undefined ? Infinity : (options.verifyAfterIdleMilliseconds ?? Infinity);
    this.#events = events;
    this.idle = new IdleLanes(clock, options.idleTimeoutMilliseconds, (lane) => {
      this.#retire(lane);
      events.changed();
    });
    this.#opener = new Opener(factory, clock, random, {
      opened: (resource) => this.#opened(resource),
      failed: (error, kind) => {
        this.openFailures++;
        events.openFailed(error, kind);
      },
      retry: () => events.changed(),
    });
  }

  /** Nothing is open, and nothing is being opened or closed. */
  get isEmpty(): boolean {
    return this.lanes.size + this.#opener.connecting + this.#closing === 0;
  }

  get lastOpenError(): unknown {
    return this.#opener.lastError;
  }

  readonly fit = (lane: Lane<R>, now: number): boolean =>
    lane.uses < this.#options.maxUses && now < lane.retireAt && this.#factory.usable(lane.resource);

  readonly lastWork = (resource: R): string | undefined => this.#factory.lastWork?.(resource);

  /** Opens more, as far as there is room, when this much work could use them. */
  grow(wanted: number): void {
    const {connecting} = this.#opener;
    this.#opener.grow(wanted, this.#options.max - this.lanes.size - connecting - this.#closing);
  }

  /** Keeps a lane (phase `free`) for which there is no work. */
  unused(lane: Lane<R>, now: number): void {
    if (this.keepsIdle) {
      this.idle.push(lane, now);
      if (this.#verifyAfterMilliseconds !== Infinity)
        lane.idleSinceTimeOfDay = this.#roughTimeOfDay(now);
      if (lane.uses === 0) this.#notify(() => this.#options.onUnused?.());
    } else this.#retire(lane);
  }

  /** Closes a lane (phase `free`) that is not fit: in order where it still works. */
  discard(lane: Lane<R>): void {
    if (this.#factory.usable(lane.resource)) {
      this.#retire(lane);
      return;
    }
    const reason =
      this.#factory.failureOf?.(lane.resource) ??
      new ConnectionError('The connection was not fit for further use.', {
        code: 'PG_CONNECTION_LOST',
      });
    // It broke, and its work was told before the pool is.
    this.#opener.broke(lane.openedAt);
    this.destroy(lane, reason);
  }

  /** Was the lane (phase `free`) idle for so long that it may have died in silence? */
  isStale(lane: Lane<R>, now: number): boolean {
    const limit = this.#verifyAfterMilliseconds;
    if (limit === Infinity) return false;
    // The clock may stand still in a machine that sleeps; the time of day may be set back.
    return (
      now - lane.idleSince >= limit || this.#readTimeOfDay(now) - lane.idleSinceTimeOfDay >= limit
    );
  }

  #readTimeOfDay(now: number): number {
    this.#timeOfDayAt = now;
    this.#lastTimeOfDay = this.#timeOfDay();
    return this.#lastTimeOfDay;
  }

  /** Early where the machine has slept since it was read: then something is verified that need not be. */
  #roughTimeOfDay(now: number): number {
    const since = now - this.#timeOfDayAt;
    if (since > TIME_OF_DAY_HOLDS_MILLISECONDS) return this.#readTimeOfDay(now);
    return this.#lastTimeOfDay + since;
  }

  /** Asks whether the resource of a lane (phase `free`) answers; destroys it where it does not. */
  async verify(lane: Lane<R>): Promise<'answers' | 'gone'> {
    lane.enter('verifying');
    const answers = (await this.#factory.verify?.(lane.resource)) ?? true;
    if (lane.phase !== 'verifying') return 'gone';
    if (answers) {
      lane.enter('free');
      return 'answers';
    }
    const reason = new ConnectionError(
      'The connection did not answer any more after it was idle.',
      {
        code: 'PG_CONNECTION_LOST',
      },
    );
    this.destroy(lane, reason);
    return 'gone';
  }

  closeIdle(): void {
    for (let lane = this.idle.pop(); lane !== undefined; lane = this.idle.pop()) this.#retire(lane);
  }

  destroy(lane: Lane<R>, reason: Error): void {
    this.drop(lane, reason);
    this.#factory.destroy(lane.resource, reason);
  }

  destroyAll(reason: Error): void {
    for (const lane of this.lanes.all.slice())
      if (lane.phase !== 'gone') this.destroy(lane, reason);
  }

  /** Forgets a lane whose resource is gone. */
  drop(lane: Lane<R>, reason: Error | undefined): void {
    if (lane.phase === 'idle') this.idle.remove(lane);
    this.lanes.remove(lane);
    this.closed++;
    lane.abandon();
    this.#notify(() => this.#options.onClosed?.(reason));
  }

  /** Forgets a lane whose resource broke by itself. */
  broke(lane: Lane<R>, reason: Error | undefined): void {
    if (reason !== undefined) this.#opener.broke(lane.openedAt);
    this.drop(lane, reason);
  }

  /** Tells the program of an error that no caller gets to see. */
  report(error: unknown): void {
    try {
      this.#options.onError?.(error);
    } catch {
      // Whoever is told of errors failed itself: there is nobody left to tell.
    }
  }

  stopTimers(): void {
    this.idle.close();
    this.#opener.close();
  }

  stats(waiting: number): PoolCounts {
    const idle = this.lanes.count('idle') + this.lanes.count('free');
    const leased = this.lanes.count('leased');
    const {connecting} = this.#opener;
    return {
      total: this.lanes.size + connecting,
      idle,
      leased,
      busy: this.lanes.size - idle - leased,
      connecting,
      waiting,
      max: this.#options.max,
    };
  }

  #opened(resource: R): void {
    this.#factory.opened?.(resource);
    const lifetime = this.#options.maxLifetimeMilliseconds ?? Infinity;
    const retireAt = this.#clock.now() + lifetime * (1 - LIFETIME_JITTER * this.#early);
    this.#early = (this.#early + LIFETIME_STEP) % 1;
    const roundTrip = this.#factory.roundTripMilliseconds?.(resource) ?? 0;
    const lane = new Lane(resource, this.#options.maxPipeline, retireAt, roundTrip);
    lane.openedAt = this.#clock.now();
    this.lanes.add(lane);
    this.opened++;
    this.#notify(() => this.#options.onOpened?.());
    this.#events.opened(lane);
  }

  #retire(lane: Lane<R>): void {
    this.drop(lane, undefined);
    this.#closing++;
    void this.#factory.close(lane.resource).then(() => {
      this.#closing--;
      this.#events.changed();
    });
  }

  #notify(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.report(error);
    }
  }
}
