/**
 * Leases and shared, pipelined work over a bounded number of resources of any kind.
 *
 * Knows nothing of what a resource is. Waiting calls of `acquire` and waiting tasks stand in one line by
 * order of arrival; see `lane-policy.ts` for which work may share a resource. Invariants: never more than
 * `max` resources, those being opened and closed included; every task that is dispatched is started,
 * failed or withdrawn, exactly once; every call of `acquire` settles.
 */
import {ConnectionError, UsageError} from '../errors';
import {Backlog} from './backlog';
import type {Clock, TimerHandle} from './clock';
import * as diagnosis from './diagnosis';
import {Inventory} from './inventory';
import type {Lane, Task} from './lane';
import {Lease} from './lease';
import type {LeaseOrigin, LeaseOwner} from './lease';
import {LeaseRequest} from './lease-request';
import type {FailureKind} from './opener';
import {laneStats, waiterStats} from './picture';
import type {
  LaneStats,
  PoolCounts,
  PoolOptions,
  PoolTotals,
  ResourceFactory,
  WaiterStats,
} from './pool-options';
import {Scheduler} from './scheduler';
import {isSelfDeadlock} from './self-deadlock';

/** How long work waits for what is open where opening more is refused for a reason that will not go away. */
const REFUSED_PATIENCE_MILLISECONDS = 1000;

export interface AcquireOptions {
  /** Aborting while the call waits rejects it with `signal.reason`. Later it has no effect. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Inside whose use of the pool this is called: the lease of the task or transaction around the call, or
   * any token that all leases of one caller share. Undefined outside of any.
   */
  readonly holder?: object | undefined;
  /** Names the lease in the error of an exhausted pool. */
  readonly label?: string | undefined;
  /** Says there where it was asked for. */
  readonly site?: {toString(): string} | undefined;
}

export class Pool<R> {
  readonly #factory: ResourceFactory<R>;
  readonly #options: PoolOptions;
  readonly #clock: Clock;
  readonly #inventory: Inventory<R>;
  readonly #backlog: Backlog<R>;
  readonly #scheduler: Scheduler<R>;
  readonly #leaseOwner: LeaseOwner<R> = {end: (lease, reason) => this.#endLease(lease, reason)};
  #phase: 'open' | 'closing' | 'closed' = 'open';
  #leases = 0;
  #finished = 0;
  #timeouts = 0;
  #closed: Promise<void> | undefined = undefined;
  #resolveClosed: (() => void) | undefined = undefined;
  #closeTimer: TimerHandle | undefined = undefined;

  /** Opens nothing yet. @throws {UsageError} `PG_INVALID_ARGUMENT`: a max below 1. */
  constructor(factory: ResourceFactory<R>, options: PoolOptions, clock: Clock) {
    if (!(options.max >= 1)) {
      throw new UsageError(`A pool needs a max of at least 1, not ${options.max}.`, {
        code: 'PG_INVALID_ARGUMENT',
      });
    }
    this.#factory = factory;
    this.#options = options;
    this.#clock = clock;
    this.#backlog = new Backlog(clock, options.queueTimeoutMilliseconds, () => this.#failExpired());
    const inventory = new Inventory<R>(factory, options, clock, {
      opened: (lane) => this.#scheduler.pump(lane, clock.now()),
      openFailed: (error, kind) => this.#openFailed(error, kind),
      changed: () => this.#pump(),
    });
    this.#inventory = inventory;
    this.#scheduler = new Scheduler(this.#backlog, inventory.lanes, inventory.idle, options.max, {
      fit: inventory.fit,
      now: () => clock.now(),
      isStale: (lane, now) => inventory.isStale(lane, now),
      verify: (lane) => inventory.verify(lane),
      discard: (lane) => inventory.discard(lane),
      unused: (lane, now) => inventory.unused(lane, now),
      grow: (wanted) => inventory.grow(wanted),
      grant: (lane, request, now) => request.grant(this.#lease(lane, request.origin, now)),
      settled: () => this.#settled(),
    });
  }

  /**
   * Runs the task now on an idle resource or behind known-fast work, or as soon as its turn comes.
   * Never throws: `task.fail` gets the reason when it cannot run.
   */
  dispatch(task: Task<R>): void {
    if (this.#phase === 'closed' || (this.#phase === 'closing' && task.followUp !== true)) {
      task.fail(diagnosis.poolEndedError());
      return;
    }
    const now = this.#clock.now();
    if (!this.#scheduler.start(task, now)) this.#wait(task, now);
  }

  /**
   * The task's answer is complete: frees its place, records its cost, starts what comes next.
   * @param answered False: it ended for another reason than an answer, so that its time says nothing.
   */
  finish(task: Task<R>, answered = true): void {
    const {lane} = task;
    if (answered) this.#finished++;
    if (lane !== undefined) this.#scheduler.finish(lane, task, this.#clock.now(), answered);
  }

  /** Takes back a task that still waits; false when it started or failed before. */
  withdraw(task: Task<R>): boolean {
    if (!this.#backlog.remove(task)) return false;
    this.#pump();
    return true;
  }

  /** The resource broke by itself. Its tasks and lease end on their own. Replaced when work needs it. */
  remove(resource: R, reason?: Error): void {
    const lane = this.#inventory.lanes.of(resource);
    if (lane === undefined) return;
    this.#inventory.broke(lane, reason);
    this.#pump();
  }

  /** Gives the resource to nobody else: it is closed, in order, when what runs on it has ended. */
  retire(resource: R): void {
    const lane = this.#inventory.lanes.of(resource);
    if (lane !== undefined) lane.retireAt = -Infinity;
  }

  /**
   * Waits for a resource and leases it. First come, first served.
   *
   * @throws {TimeoutError} `CONNECTION_POOL:QUEUE_TIMEOUT`, with the figures and the holders of all leases.
   * @throws {UsageError} `PG_SELF_DEADLOCK` where waiting is pointless; `PG_USED_AFTER_END` after `close`.
   * @throws `signal.reason` on abort; what `open` rejected with when nothing can be opened.
   */
  async acquire(options: AcquireOptions = {}): Promise<Lease<R>> {
    return this.acquireNowOrLater(options);
  }

  /** As `acquire`, without a promise where a resource is idle. What it would reject with at once, it throws. */
  acquireNowOrLater({signal, holder, label, site}: AcquireOptions): Lease<R> | Promise<Lease<R>> {
    if (this.#phase !== 'open') throw diagnosis.poolEndedError();
    signal?.throwIfAborted();
    const origin = {holder, label, site};
    const now = this.#clock.now();
    const lane = this.#scheduler.takeIdle(now);
    if (lane !== undefined) return this.#lease(lane, origin, now);
    return new Promise((resolve, reject) => {
      const withdraw = (request: LeaseRequest<R>) => void this.withdraw(request);
      this.#wait(new LeaseRequest(origin, signal, {resolve, reject}, withdraw), now);
    });
  }

  /**
   * Takes no more work, lets what waits and what runs end, and closes every resource. Leases are waited
   * for. Resolves once all is closed, and never rejects; every call returns the same promise.
   *
   * @param options.timeoutMilliseconds After this, what still waits fails, everything is closed at once, and
   *   the promise resolves. Default: no limit. Of several calls, the first that sets a limit counts.
   */
  close({timeoutMilliseconds}: {timeoutMilliseconds?: number | undefined} = {}): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    if (this.#phase === 'open') {
      this.#phase = 'closing';
      this.#inventory.keepsIdle = false;
      this.#inventory.closeIdle();
      this.#pump();
    }
    if (timeoutMilliseconds !== undefined) this.limitClosing(timeoutMilliseconds);
    return this.#closed;
  }

  /** As the limit of `close`, from now on, for a call of it that may come later. */
  limitClosing(timeoutMilliseconds: number): void {
    if (this.#phase === 'closed') return;
    this.#closeTimer ??= this.#clock.setTimer(() => {
      void this.close();
      if (this.#phase === 'closing') this.#closeAtOnce(timeoutMilliseconds);
    }, timeoutMilliseconds);
  }

  /** Destroys every resource at once and fails what waits with `reason`. What comes later opens new ones. */
  disconnect(reason: Error): void {
    const waiting = this.#backlog.takeAll();
    this.#inventory.destroyAll(reason);
    for (const task of waiting) task.fail(reason);
    this.#pump();
  }

  stats(): PoolCounts {
    return this.#inventory.stats(this.#backlog.size);
  }

  totals(): PoolTotals {
    const {opened, closed, openFailures} = this.#inventory;
    const [leases, queries, queueTimeouts] = [this.#leases, this.#finished, this.#timeouts];
    return {opened, closed, openFailures, leases, queries, queueTimeouts};
  }

  /** What each resource is at, in the order in which they were opened. */
  lanes(): LaneStats[] {
    const now = this.#clock.now();
    return this.#inventory.lanes.all.map((lane) => laneStats(lane, this.#factory, now));
  }

  /** What waits, at most so much of it, the oldest first. */
  waiters(most: number): WaiterStats[] {
    const now = this.#clock.now();
    return this.#backlog.oldest(most).map((task) => waiterStats(task, now));
  }

  #wait(task: Task<R>, now: number): void {
    this.#backlog.add(task, now);
    if (task.holder !== undefined && this.#isSelfDeadlock()) {
      this.#backlog.remove(task);
      task.fail(diagnosis.selfDeadlockError(this.#options.max));
      return;
    }
    this.#scheduler.waits();
  }

  #isSelfDeadlock(): boolean {
    const {lanes} = this.#inventory;
    if (lanes.count('leased') < this.#options.max) return false;
    return isSelfDeadlock(lanes.leases(), this.#backlog.holders);
  }

  #lease(lane: Lane<R>, origin: LeaseOrigin, now: number): Lease<R> {
    lane.enter('leased');
    this.#leases++;
    lane.uses++;
    lane.lease = new Lease(lane.resource, origin, now, this.#leaseOwner);
    return lane.lease;
  }

  #endLease(lease: Lease<R>, reason: Error | undefined): void {
    const lane = this.#inventory.lanes.of(lease.resource);
    if (lane === undefined) return;
    lane.lease = undefined;
    if (reason === undefined) {
      lane.enter('free');
      this.#scheduler.pump(lane, this.#clock.now());
    } else {
      this.#inventory.destroy(lane, reason);
      this.#pump();
    }
  }

  #pump(): void {
    this.#scheduler.pump(undefined, this.#clock.now());
  }

  // Work fails for a failed open only where there is nothing else that could serve it soon.
  #openFailed(error: unknown, kind: FailureKind): void {
    const failed: Task<R>[] = [];
    if (this.#inventory.lanes.size === 0) {
      if (kind !== 'transient' || this.#phase !== 'open') failed.push(...this.#backlog.takeAll());
      else this.#takeExpired(failed, this.#options.openRetryMilliseconds ?? Infinity);
    } else if (kind === 'final') {
      // What is open may be free in a moment, or be busy for an hour.
      this.#takeExpired(failed, REFUSED_PATIENCE_MILLISECONDS);
    }
    // A burst of work opens several: the failure of the first was told to all who waited.
    const nobodyAsked = this.#inventory.lanes.size === 0 && this.#backlog.size === 0;
    if (failed.length === 0 && !nobodyAsked) this.#inventory.report(error);
    for (const task of failed) task.fail(asError(error));
    this.#pump();
  }

  #failExpired(): void {
    const now = this.#clock.now();
    const expired: Task<R>[] = [];
    const stats = this.stats();
    const holders = this.#describeLeases(now);
    const {lastOpenError} = this.#inventory;
    this.#takeExpired(expired, this.#options.queueTimeoutMilliseconds);
    this.#timeouts += expired.length;
    for (const task of expired) {
      const waitedMilliseconds = now - (task.queuedAt ?? now);
      task.fail(diagnosis.queueTimeoutError({waitedMilliseconds, stats, holders, lastOpenError}));
    }
    this.#pump();
  }

  #describeLeases(now: number): string {
    const leases = this.#inventory.lanes.leases();
    return diagnosis.describeLeases(leases, now, this.#inventory.lastWork);
  }

  #takeExpired(into: Task<R>[], milliseconds: number): void {
    const now = this.#clock.now();
    for (;;) {
      const task = this.#backlog.takeExpired(now, milliseconds);
      if (task === undefined) return;
      into.push(task);
    }
  }

  #closeAtOnce(milliseconds: number): void {
    const waiting = this.#backlog.takeAll();
    const holders = this.#describeLeases(this.#clock.now());
    const reason = diagnosis.closeTimeoutError(milliseconds, holders);
    this.#finishClose();
    // Whoever holds a lease and does nothing with it would never hear of it.
    if (holders !== '') this.#inventory.report(reason);
    this.#inventory.destroyAll(reason);
    for (const task of waiting) task.fail(reason);
  }

  #settled(): void {
    if (this.#phase !== 'closing' || this.#backlog.size > 0 || !this.#inventory.isEmpty) return;
    this.#finishClose();
  }

  #finishClose(): void {
    this.#phase = 'closed';
    if (this.#closeTimer !== undefined) this.#clock.clearTimer(this.#closeTimer);
    this.#inventory.stopTimers();
    this.#backlog.close();
    this.#resolveClosed?.();
  }
}

function asError(error: unknown): Error {
  if (error instanceof Error) return error;
  return new ConnectionError('No connection could be opened: see the cause.', {
    code: 'PG_CONNECT_FAILED',
    cause: error,
  });
}
