/**
 * The work that waits: one line by order of arrival, kept as three lists so that the oldest of each kind is
 * at hand. Watches the queue timeout with a single timer.
 *
 * Does not decide what runs. A task is listed by its kind on arrival; what its kind has become since is
 * looked at when it is at the head of its list.
 */
import type {Clock, TimerHandle} from './clock';
import type {Task} from './lane';
import {kindOf} from './lane-policy';
import {Fifo} from './queue';

export class Backlog<R> {
  readonly #alone = new Fifo<Task<R>>();
  readonly #fast = new Fifo<Task<R>>();
  readonly #slow = new Fifo<Task<R>>();
  readonly #holders = new Map<object, number>();
  readonly #clock: Clock;
  readonly #timeoutMilliseconds: number;
  readonly #onDue: () => void;
  #arrivals = 0;
  #timer: TimerHandle | undefined = undefined;

  /** `onDue` is called when `takeExpired` may have something to give. A timeout of 0 means never. */
  constructor(clock: Clock, timeoutMilliseconds: number, onDue: () => void) {
    this.#clock = clock;
    this.#timeoutMilliseconds = timeoutMilliseconds;
    this.#onDue = onDue;
  }

  get size(): number {
    return this.#alone.size + this.#fast.size + this.#slow.size;
  }

  /** Who waits: holders of leases that cannot be expected to end before this work is done. */
  get holders(): ReadonlyMap<object, number> {
    return this.#holders;
  }

  /** How many more resources would be put to use at once, when only `slowRoom` may run slow work. */
  wanted(slowRoom: number): number {
    return this.#alone.size + this.#fast.size + Math.min(this.#slow.size, slowRoom);
  }

  add(task: Task<R>, now: number): void {
    const first = this.size === 0;
    task.arrival = ++this.#arrivals;
    task.queuedAt = now;
    const kind = kindOf(task);
    (kind === 'fast' ? this.#fast : kind === 'slow' ? this.#slow : this.#alone).push(task);
    if (task.holder !== undefined) this.#countHolder(task.holder, 1);
    if (this.#timeoutMilliseconds === 0) return;
    if (this.#timer === undefined) this.#arm(now);
    else if (first) this.#timer.ref();
  }

  /** Takes the task out of the line; false when it does not wait. */
  remove(task: Task<R>): boolean {
    if (!this.#alone.remove(task) && !this.#fast.remove(task) && !this.#slow.remove(task)) {
      return false;
    }
    if (task.holder !== undefined) this.#countHolder(task.holder, -1);
    // Kept, not cleared: under load the line runs empty thousands of times per second.
    if (this.#timer !== undefined && this.size === 0) this.#timer.unref();
    return true;
  }

  /** The oldest work that may take a whole resource now. */
  next(slowRoom: number): Task<R> | undefined {
    this.#reclassify(this.#alone);
    this.#reclassify(this.#fast);
    const oldest = older(this.#alone.head, this.#fast.head);
    const slow = this.#slow.head;
    if (slow === undefined || (slowRoom === 0 && kindOf(slow) === 'slow')) return oldest;
    return older(oldest, slow);
  }

  /** The oldest work that may be sent behind other fast work. */
  nextFast(): Task<R> | undefined {
    return older(older(ifFast(this.#alone.head), ifFast(this.#fast.head)), ifFast(this.#slow.head));
  }

  /** Does work wait that needs a whole resource, and may have one? */
  needsWhole(slowRoom: number): boolean {
    return (
      (this.#alone.head !== undefined && ifFast(this.#alone.head) === undefined) ||
      (slowRoom > 0 && this.#slow.head !== undefined && ifFast(this.#slow.head) === undefined)
    );
  }

  /** Takes out one task that has waited for `milliseconds` (default: the queue timeout). */
  takeExpired(now: number, milliseconds = this.#timeoutMilliseconds): Task<R> | undefined {
    const oldest = this.#oldest();
    if (oldest === undefined || (oldest.queuedAt ?? now) + milliseconds > now) return undefined;
    this.remove(oldest);
    return oldest;
  }

  /** Takes out everything, oldest first. */
  takeAll(): Task<R>[] {
    const all: Task<R>[] = [];
    for (let task = this.#oldest(); task !== undefined; task = this.#oldest()) {
      this.remove(task);
      all.push(task);
    }
    return all;
  }

  /** Those who have waited for longest, in the order of their arrival. */
  oldest(most: number): Task<R>[] {
    const found: Task<R>[] = [];
    for (const list of [this.#alone, this.#fast, this.#slow]) {
      let task = list.head;
      for (let n = 0; task !== undefined && n < most; n++, task = task.queueNext) found.push(task);
    }
    return found.sort((a, b) => (a.arrival ?? 0) - (b.arrival ?? 0)).slice(0, most);
  }

  /** Ends the timer. */
  close(): void {
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
  }

  #oldest(): Task<R> | undefined {
    return older(older(this.#alone.head, this.#fast.head), this.#slow.head);
  }

  // Work that turned out slow must not hold up what stands behind it when no more slow work may run.
  #reclassify(list: Fifo<Task<R>>): void {
    for (let task = list.head; task !== undefined && kindOf(task) === 'slow'; task = list.head) {
      list.remove(task);
      this.#slow.insertByArrival(task);
    }
  }

  #countHolder(holder: object, change: 1 | -1): void {
    const count = (this.#holders.get(holder) ?? 0) + change;
    if (count === 0) this.#holders.delete(holder);
    else this.#holders.set(holder, count);
  }

  // The timeout is the same for all, so the oldest is always the next to be due and one timer is enough.
  #arm(now: number): void {
    const oldest = this.#oldest();
    if (oldest === undefined) return;
    const due = (oldest.queuedAt ?? now) + this.#timeoutMilliseconds;
    this.#timer = this.#clock.setTimer(
      () => {
        this.#timer = undefined;
        this.#onDue();
        if (this.#timer === undefined) this.#arm(this.#clock.now());
      },
      Math.ceil(Math.max(0, due - now)),
    );
  }
}

function older<R>(a: Task<R> | undefined, b: Task<R> | undefined): Task<R> | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return (a.arrival ?? 0) < (b.arrival ?? 0) ? a : b;
}

function ifFast<R>(task: Task<R> | undefined): Task<R> | undefined {
  return task !== undefined && kindOf(task) === 'fast' ? task : undefined;
}
