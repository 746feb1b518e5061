/**
 * One open resource and what runs on it: nothing, one lease, one task alone, or several fast tasks behind
 * one another.
 *
 * Keeps the books of its own resource only; the pool decides what runs where. Tasks of one lane end in the
 * order in which they began, so the time of one runs from the end of the one before, or from when it can
 * have reached the other side.
 */
import type {CostEstimate} from './cost-estimate';
import {depthFor, refillDepth, underWayUntil} from './lane-policy';
import type {LaneLoad} from './lane-policy';
import type {Lease} from './lease';
import {Fifo} from './queue';
import type {Queued} from './queue';

/**
 * A unit of shared work: many tasks may be in flight on one resource at a time.
 *
 * The optional fields belong to the pool. A hot class declares all of them, so that V8 keeps one shape.
 */
export interface Task<R> extends Queued<Task<R>> {
  readonly cost: CostEstimate;
  /** Never shares a resource while it runs: work that may be aborted, or with unknown side effects. */
  readonly alone: boolean;
  /** The lease whose holder dispatched the task, if any; see `AcquireOptions.holder`. */
  readonly holder?: object | undefined;
  /** Belongs to work that was begun before the pool was closed: it is still taken while the pool closes. */
  readonly followUp?: boolean | undefined;
  /** Set by the pool while the task runs. */
  lane: Lane<R> | undefined;
  /** Set by the pool: when `start` was called, on the clock of the pool. */
  startedAt: number;
  /** Set by the pool: when the task began to wait. */
  queuedAt?: number;
  /** Set by the pool: what the lane was expected to spend on the task when it started. */
  expectedMilliseconds?: number;
  /** What it is, for a picture of the pool: a name for its kind, and in more words. Default: a query. */
  readonly purpose?: string | undefined;
  describe?(): string | undefined;
  /** Says where it was asked for. */
  readonly site?: {toString(): string} | undefined;
  /** Writes itself. Later, exactly once, the owner calls `pool.finish(task)`. Must not throw. */
  start(resource: R): void;
  /** The task never started and never will: the wait timed out, the pool closed, nothing could be opened. */
  fail(error: Error): void;
}

/**
 * - `free`: between two uses, in the hands of the pool. - `idle`: set aside until there is work.
 * - `verifying`: asked whether the resource still answers.
 * - `pipelining`: runs fast tasks. - `draining`: the same, but takes no more, because other work waits for
 *   the whole resource. - `alone`, `slow`: runs one task of that kind. - `leased`. - `gone`.
 */
export type LanePhase =
  | 'free'
  | 'idle'
  | 'verifying'
  | 'pipelining'
  | 'draining'
  | 'alone'
  | 'slow'
  | 'leased'
  | 'gone';

const transitions: Readonly<Record<LanePhase, Partial<Record<LanePhase, true>>>> = {
  free: {
    idle: true,
    verifying: true,
    pipelining: true,
    alone: true,
    slow: true,
    leased: true,
    gone: true,
  },
  idle: {free: true, gone: true},
  verifying: {free: true, gone: true},
  pipelining: {free: true, draining: true, gone: true},
  draining: {free: true, gone: true},
  alone: {free: true, gone: true},
  slow: {free: true, gone: true},
  leased: {free: true, gone: true},
  gone: {},
};

export class Lane<R> implements LaneLoad {
  phase: LanePhase = 'free';
  lease: Lease<R> | undefined = undefined;
  /** Tasks and leases so far, the current ones included. */
  uses = 0;
  refilling = true;
  expectedMilliseconds = 0;
  headSince = 0;
  openedAt = 0;
  idleSince = 0;
  /** The same by the time of day, which goes on while the machine sleeps. */
  idleSinceTimeOfDay = 0;
  readonly tasks = new Fifo<Task<R>>();
  readonly #maxPipeline: number | undefined;
  #roundTripMilliseconds: number;
  #depth: number;
  #refillDepth: number;

  constructor(
    readonly resource: R,
    /** Undefined: as the round trip asks for. */
    maxPipeline: number | undefined,
    /** From this moment on the lane takes nothing new; `Infinity` for never. */
    public retireAt: number,
    /** As measured before; a task that was answered sooner corrects it. */
    roundTripMilliseconds: number,
  ) {
    this.#maxPipeline = maxPipeline;
    this.#roundTripMilliseconds = roundTripMilliseconds;
    this.#depth = maxPipeline ?? depthFor(roundTripMilliseconds);
    this.#refillDepth = refillDepth(this.#depth);
  }

  get headMeanMilliseconds(): number {
    return this.tasks.head?.cost.meanMilliseconds ?? 0;
  }

  enter(phase: LanePhase): void {
    if (transitions[this.phase][phase] !== true) {
      throw new Error(
        `A lane cannot go from ${this.phase} to ${phase}. This is a bug of the pool.`,
      );
    }
    this.phase = phase;
  }

  begin(task: Task<R>, now: number): void {
    const expected = task.cost.meanMilliseconds;
    task.lane = this;
    task.startedAt = now;
    task.expectedMilliseconds = expected;
    if (this.tasks.size === 0) this.headSince = underWayUntil(now, this.#roundTripMilliseconds);
    this.tasks.push(task);
    this.expectedMilliseconds += expected;
    this.uses++;
    if (this.tasks.size >= this.#depth) this.refilling = false;
  }

  /** Takes the task off the lane and records what it cost, if the resource answered it. */
  end(task: Task<R>, now: number, answered: boolean): void {
    // A task that ends out of order never had the resource to itself: its time would say nothing.
    const wasHead = this.tasks.head === task;
    if (answered) task.cost.count(now - task.startedAt);
    if (wasHead && answered) {
      const took = now - task.startedAt;
      if (took < this.#roundTripMilliseconds) this.#shortenRoundTrip(took);
      task.cost.record(now - this.headSince);
    }
    task.lane = undefined;
    this.tasks.remove(task);
    const {head, size: depth} = this.tasks;
    if (wasHead && head !== undefined) {
      this.headSince = Math.max(now, underWayUntil(head.startedAt, this.#roundTripMilliseconds));
    }
    // Set, not subtracted, at zero: rounding errors must not add up.
    this.expectedMilliseconds =
      depth === 0 ? 0 : this.expectedMilliseconds - (task.expectedMilliseconds ?? 0);
    if (depth <= this.#refillDepth) this.refilling = true;
  }

  #shortenRoundTrip(milliseconds: number): void {
    this.#roundTripMilliseconds = milliseconds;
    this.#depth = this.#maxPipeline ?? depthFor(milliseconds);
    this.#refillDepth = refillDepth(this.#depth);
  }

  /** The resource is gone: its tasks fail on their own, and finishing them means nothing to the pool. */
  abandon(): void {
    this.enter('gone');
    for (let task = this.tasks.head; task !== undefined; task = this.tasks.head) {
      this.tasks.remove(task);
      task.lane = undefined;
    }
    this.lease = undefined;
  }
}
