/**
 * The idle lanes, used last in first out: the resources in use stay few and warm, the others grow old at
 * the bottom and are closed. One timer for all of them, and it never keeps the process alive.
 */
import type {Clock, TimerHandle} from './clock';
import type {Lane} from './lane';

export class IdleLanes<R> {
  readonly #lanes: Lane<R>[] = [];
  readonly #clock: Clock;
  readonly #idleTimeoutMilliseconds: number;
  readonly #onExpired: (lane: Lane<R>) => void;
  #timer: TimerHandle | undefined = undefined;
  #timerDue = Infinity;

  /** `onExpired` gets each lane that was idle for too long or is too old; it is in phase `free` by then. */
  constructor(clock: Clock, idleTimeoutMilliseconds: number, onExpired: (lane: Lane<R>) => void) {
    this.#clock = clock;
    this.#idleTimeoutMilliseconds =
      idleTimeoutMilliseconds === 0 ? Infinity : idleTimeoutMilliseconds;
    this.#onExpired = onExpired;
  }

  get size(): number {
    return this.#lanes.length;
  }

  push(lane: Lane<R>, now: number): void {
    lane.enter('idle');
    lane.idleSince = now;
    this.#lanes.push(lane);
    // The timer is left alone when a lane is taken and comes back: it fires early and looks again.
    const due = this.#dueOf(lane);
    if (due < this.#timerDue) this.#arm(due, now);
  }

  /** The lane that was used last. */
  pop(): Lane<R> | undefined {
    const lane = this.#lanes.pop();
    lane?.enter('free');
    return lane;
  }

  /** Takes out, in phase `free`, all of which this is true. */
  takeWhere(isWanted: (lane: Lane<R>) => boolean): Lane<R>[] {
    const taken = this.#lanes.filter(isWanted);
    for (const lane of taken) this.remove(lane);
    return taken;
  }

  remove(lane: Lane<R>): void {
    const index = this.#lanes.indexOf(lane);
    if (index === -1) return;
    this.#lanes.splice(index, 1);
    lane.enter('free');
  }

  /** Ends the timer. */
  close(): void {
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
    this.#timerDue = Infinity;
  }

  #dueOf(lane: Lane<R>): number {
    return Math.min(lane.idleSince + this.#idleTimeoutMilliseconds, lane.retireAt);
  }

  #arm(due: number, now: number): void {
    this.close();
    this.#timerDue = due;
    this.#timer = this.#clock.setTimer(
      () => {
        this.#timer = undefined;
        this.#timerDue = Infinity;
        this.#expire();
      },
      Math.ceil(Math.max(0, due - now)),
    );
    this.#timer.unref();
  }

  #expire(): void {
    const now = this.#clock.now();
    let nextDue = Infinity;
    for (const lane of this.#lanes.slice()) {
      const due = this.#dueOf(lane);
      if (due > now) {
        nextDue = Math.min(nextDue, due);
      } else if (lane.phase === 'idle') {
        this.remove(lane);
        this.#onExpired(lane);
      }
    }
    if (nextDue < this.#timerDue) this.#arm(nextDue, now);
  }
}
