/**
 * Asks a question every so often and notices when no answer comes: a connection that only receives cannot
 * tell silence from death. It sends nothing itself.
 *
 * Its timers keep the process alive, and are meant to: somebody listens. Invariant: while a question is out,
 * `silent` is called at most twice the interval after the connection last showed a sign of life.
 */
import type {Clock, TimerHandle} from '../../pool';

/** A process that was busy has the answer lying in the socket: it is given a turn to be read. */
const GRACE_MILLISECONDS = 50;
/** The grace is the last part of the interval, and never the whole of a short one. */
const MOST_GRACE = 0.25;
/** Without a heartbeat a timer is still needed for what it keeps alive. */
const NEVER_MILLISECONDS = 2 ** 31 - 1;

export interface HeartbeatEvents {
  /** Ask now, and call `asked`. */
  due(): void;
  /** The connection is not what it seems. */
  silent(milliseconds: number): void;
}

type HeartbeatPhase = 'resting' | 'waiting' | 'overdue' | 'stopped';

export class Heartbeat {
  readonly #clock: Clock;
  readonly #interval: number;
  readonly #grace: number;
  readonly #events: HeartbeatEvents;
  #phase: HeartbeatPhase = 'resting';
  #unanswered = 0;
  #heard = false;
  #timer: TimerHandle | undefined;

  /** @param intervalMilliseconds Between questions, and how long one may stay unanswered. 0: neither. */
  constructor(clock: Clock, intervalMilliseconds: number, events: HeartbeatEvents) {
    this.#clock = clock;
    this.#interval = intervalMilliseconds;
    this.#grace = Math.min(GRACE_MILLISECONDS, intervalMilliseconds * MOST_GRACE);
    this.#events = events;
    this.#enter('resting', this.#interval);
  }

  asked(): void {
    this.#unanswered++;
    if (this.#phase === 'resting' && this.#interval > 0) this.#wait();
  }

  answered(): void {
    this.#unanswered--;
    if (this.#phase === 'stopped' || this.#interval === 0) return;
    if (this.#unanswered === 0) this.#enter('resting', this.#interval);
    else this.#wait();
  }

  /** Something else arrived: the answer may stand in line behind more of it. */
  heard(): void {
    this.#heard = true;
  }

  stop(): void {
    this.#phase = 'stopped';
    this.#clearTimer();
  }

  #enter(phase: HeartbeatPhase, milliseconds: number): void {
    this.#phase = phase;
    this.#heard = false;
    this.#clearTimer();
    const wait = milliseconds === 0 ? NEVER_MILLISECONDS : milliseconds;
    this.#timer = this.#clock.setTimer(() => this.#fire(), wait);
  }

  #wait(): void {
    this.#enter('waiting', this.#interval - this.#grace);
  }

  #fire(): void {
    this.#timer = undefined;
    if (this.#interval === 0) return this.#enter('resting', 0);
    if (this.#phase === 'resting') {
      this.#enter('resting', this.#interval);
      return this.#events.due();
    }
    if (this.#heard) return this.#wait();
    if (this.#phase === 'waiting') return this.#enter('overdue', this.#grace);
    this.stop();
    this.#events.silent(this.#interval);
  }

  #clearTimer(): void {
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
  }
}
