/**
 * Brings waiting work and lanes together. Every change ends in `pump`, which hands out until nothing that
 * waits could run.
 *
 * Opens and closes nothing itself. Invariant, whenever `pump` has returned: no lane is idle while work
 * waits that may take it. `start` and `fail` of a task may call back into the pool: `pump` then only notes
 * the lane, and the outer call goes on with it.
 */
import type {Backlog} from './backlog';
import type {IdleLanes} from './idle-lanes';
import type {Lane, Task} from './lane';
import {accepts, kindOf} from './lane-policy';
import type {WorkKind} from './lane-policy';
import type {Lanes} from './lanes';
import {LeaseRequest} from './lease-request';
import {Reserve} from './reserve';

export interface SchedulerEvents<R> {
  /** May the lane take something new? Asked on every hand-out. */
  readonly fit: (lane: Lane<R>, now: number) => boolean;
  /** Must the lane (phase `free`) be verified before it is used? */
  isStale(lane: Lane<R>, now: number): boolean;
  /** Resolves when the lane is in phase `free` again, or is gone. */
  verify(lane: Lane<R>): Promise<'answers' | 'gone'>;
  /** The lane (phase `free`) is not fit. */
  discard(lane: Lane<R>): void;
  /** Nothing waits that the lane (phase `free`) could take. */
  unused(lane: Lane<R>, now: number): void;
  grant(lane: Lane<R>, request: LeaseRequest<R>, now: number): void;
  now(): number;
  /** So much work would use another resource at once. */
  grow(wanted: number): void;
  /** Everything that could be handed out was. */
  settled(): void;
}

export class Scheduler<R> {
  readonly #backlog: Backlog<R>;
  readonly #lanes: Lanes<R>;
  readonly #idle: IdleLanes<R>;
  readonly #events: SchedulerEvents<R>;
  readonly #max: number;
  readonly #reserve: Reserve;
  readonly #pumpable: Lane<R>[] = [];
  #pumping = false;
  /** Lanes that are verified for work that waits for them. */
  #verifying = 0;

  constructor(
    backlog: Backlog<R>,
    lanes: Lanes<R>,
    idle: IdleLanes<R>,
    max: number,
    events: SchedulerEvents<R>,
  ) {
    this.#backlog = backlog;
    this.#lanes = lanes;
    this.#idle = idle;
    this.#events = events;
    this.#max = max;
    this.#reserve = new Reserve(max);
  }

  /** Starts the task on an idle lane, or behind known-fast work; false when it has to wait. */
  start(task: Task<R>, now: number): boolean {
    const kind = kindOf(task);
    if (kind !== 'slow') this.#reserve.arrived(task.cost.meanMilliseconds);
    const idle = kind === 'slow' && this.#slowRoom() === 0 ? undefined : this.takeIdle(now);
    if (idle !== undefined) {
      this.#run(idle, task, kind, now);
      return true;
    }
    // Fast work does not overtake fast work, only work that cannot share.
    if (kind !== 'fast' || this.#backlog.nextFast() !== undefined) return false;
    const lane = this.#lanes.leastLoaded(task.cost.meanMilliseconds, now, this.#events.fit);
    if (lane === undefined) return false;
    this.#run(lane, task, kind, now);
    this.#events.grow(1);
    return true;
  }

  /** Work waits: sees to it that lanes come free, and that there are more of them. */
  waits(): void {
    const slowRoom = this.#slowRoom();
    this.#claim(slowRoom);
    this.#events.grow(this.#backlog.wanted(slowRoom) - this.#verifying);
  }

  finish(lane: Lane<R>, task: Task<R>, now: number, answered: boolean): void {
    lane.end(task, now, answered);
    if (lane.tasks.size === 0) lane.enter('free');
    this.pump(lane, now);
  }

  /** Hands out what can be handed out, after `lane` (or something else) changed. */
  pump(lane: Lane<R> | undefined, now: number): void {
    if (lane !== undefined) this.#pumpable.push(lane);
    if (this.#pumping) return;
    this.#pumping = true;
    // Only here: where the reserve shrinks, what waits for that is handed out now.
    if (this.#reserve.isDue(now)) this.#reserve.adjust(now, this.#lanes.count('leased'));
    try {
      do {
        for (let next = this.#pumpable.pop(); next !== undefined; next = this.#pumpable.pop()) {
          this.#serve(next, now);
        }
        if (this.#backlog.size > 0) this.#distribute(now);
      } while (this.#pumpable.length > 0);
    } finally {
      this.#pumping = false;
    }
    this.#events.settled();
  }

  /**
   * An idle lane that is fit, now in phase `free`. Undefined where there is none, or where the one that there is has
   * to be verified first: it then comes back by itself, for the work that waits by that time.
   */
  takeIdle(now: number): Lane<R> | undefined {
    for (let lane = this.#idle.pop(); lane !== undefined; lane = this.#idle.pop()) {
      if (!this.#events.fit(lane, now)) this.#events.discard(lane);
      else if (this.#events.isStale(lane, now)) {
        void this.#verify(lane);
        return undefined;
      } else return lane;
    }
    return undefined;
  }

  async #verify(lane: Lane<R>): Promise<void> {
    this.#verifying++;
    const outcome = await this.#events.verify(lane);
    this.#verifying--;
    const now = this.#events.now();
    // Where one died in silence, others have too: they are asked all at once, not one by one by the work that waits,
    // which gets a new one meanwhile.
    if (outcome === 'gone') {
      for (const idle of this.#idle.takeWhere((other) => this.#events.isStale(other, now)))
        void this.#verifyUnasked(idle);
    }
    this.pump(outcome === 'gone' ? undefined : lane, now);
  }

  async #verifyUnasked(lane: Lane<R>): Promise<void> {
    const outcome = await this.#events.verify(lane);
    this.pump(outcome === 'gone' ? undefined : lane, this.#events.now());
  }

  #serve(lane: Lane<R>, now: number): void {
    if (lane.phase === 'free') {
      if (!this.#events.fit(lane, now)) {
        this.#events.discard(lane);
        return;
      }
      const next = this.#backlog.size === 0 ? undefined : this.#backlog.next(this.#slowRoom());
      if (next === undefined) {
        this.#events.unused(lane, now);
        return;
      }
      this.#backlog.remove(next);
      if (next instanceof LeaseRequest) this.#events.grant(lane, next, now);
      else this.#run(lane, next, kindOf(next), now);
    }
    this.#refill(lane, now);
  }

  #refill(lane: Lane<R>, now: number): void {
    while (lane.phase === 'pipelining') {
      const next = this.#backlog.nextFast();
      if (next === undefined || !accepts(lane, next.cost.meanMilliseconds, now)) return;
      if (!this.#events.fit(lane, now)) return;
      this.#backlog.remove(next);
      this.#run(lane, next, 'fast', now);
    }
  }

  #run(lane: Lane<R>, task: Task<R>, kind: WorkKind, now: number): void {
    if (lane.phase === 'free') lane.enter(kind === 'fast' ? 'pipelining' : kind);
    lane.begin(task, now);
    task.start(lane.resource);
  }

  // Lanes go idle while work waits only where slow room or a changed estimate made that work eligible.
  #distribute(now: number): void {
    while (this.#idle.size > 0 && this.#wantsIdle()) {
      const lane = this.takeIdle(now);
      if (lane !== undefined) this.#serve(lane, now);
    }
    this.waits();
  }

  // Lanes that are being verified are spoken for.
  #wantsIdle(): boolean {
    const slowRoom = this.#slowRoom();
    if (this.#backlog.next(slowRoom) === undefined) return false;
    return this.#verifying === 0 || this.#backlog.wanted(slowRoom) > this.#verifying;
  }

  // Under enough fast load no lane would ever be free by itself. One at a time is enough: a lane of fast
  // work is free within milliseconds.
  #claim(slowRoom: number): void {
    if (!this.#backlog.needsWhole(slowRoom)) return;
    if (this.#lanes.count('draining') > 0) return;
    this.#lanes.soonestFree()?.enter('draining');
  }

  #slowRoom(): number {
    return Math.max(0, this.#max - this.#reserve.size - this.#lanes.count('slow'));
  }
}
