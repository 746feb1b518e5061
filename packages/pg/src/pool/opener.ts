/**
 * Opens resources: when (the growth rule), and when again after a failure (backoff).
 *
 * An attempt belongs to the pool, not to the work that caused it: whoever waits longest when it succeeds
 * gets the resource. While attempts fail there is one at a time for the whole pool, however many wait, so
 * that a server that comes back is not stormed.
 */
import type {Clock, TimerHandle} from './clock';
import type {ResourceFactory} from './pool-options';

const FIRST_RETRY_MILLISECONDS = 50;
/** Also what recovery costs at most once the server is back. With jitter, 2 to 4 attempts per second. */
const LONGEST_RETRY_MILLISECONDS = 500;
/** What broke sooner after it was opened says no more for the other side than a failure to open. */
const EARLY_MILLISECONDS = 1000;
/** Between attempts that succeed while what they open keeps breaking. */
const APART_MILLISECONDS = 125;
/** The part of each pause that is random, so that many pools do not come back in step. */
const JITTER = 0.5;

/**
 * - `transient`: the next attempt may well succeed. - `final`: none will, until somebody does something.
 * - `unclear`: work that nothing else can serve is better told.
 */
export type FailureKind = 'transient' | 'unclear' | 'final';

export interface OpenerEvents<R> {
  opened(resource: R): void;
  failed(error: unknown, kind: FailureKind): void;
  /** A pause is over: call `grow` again if work still waits. */
  retry(): void;
}

export class Opener<R> {
  /** Attempts under way. */
  connecting = 0;
  /** Why the last attempt failed; undefined once one succeeded. */
  lastError: unknown = undefined;
  readonly #factory: ResourceFactory<R>;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #events: OpenerEvents<R>;
  // Attempts that began before a failure became known say nothing new when they fail, too.
  #round = 0;
  #failedRounds = 0;
  #probing = false;
  #notBefore = 0;
  #brokeAt = -Infinity;
  /** In a row, no two of them far apart. */
  #earlyBreaks = 0;
  #timer: TimerHandle | undefined = undefined;

  constructor(
    factory: ResourceFactory<R>,
    clock: Clock,
    random: () => number,
    events: OpenerEvents<R>,
  ) {
    this.#factory = factory;
    this.#clock = clock;
    this.#random = random;
    this.#events = events;
  }

  /**
   * The growth rule: as many attempts under way as there is waiting work to use them, within the room left.
   * (A pool that grows because work is slow rather than plentiful would decide so here.)
   */
  grow(wanted: number, room: number): void {
    for (let left = room; left > 0 && this.connecting < wanted; left--) {
      if (this.#failedRounds > 0 && !this.#mayProbe()) return;
      this.#attempt();
    }
  }

  /** A resource that was opened at this time broke by itself. */
  broke(openedAt: number): void {
    const now = this.#clock.now();
    // Of several that break together, those opened before the first was known to say nothing new.
    if (now - openedAt >= EARLY_MILLISECONDS || openedAt < this.#brokeAt) return;
    this.#earlyBreaks = now - this.#brokeAt < 2 * EARLY_MILLISECONDS ? this.#earlyBreaks + 1 : 1;
    this.#brokeAt = now;
    // Once is bad luck, and replaced at once.
    if (this.#earlyBreaks < 2) return;
    this.#failedRounds = Math.max(this.#failedRounds, this.#earlyBreaks - 2);
    this.#pause();
  }

  /** Ends the timer. */
  close(): void {
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
  }

  #mayProbe(): boolean {
    if (this.#probing) return false;
    const pause = this.#notBefore - this.#clock.now();
    if (pause > 0) {
      this.#timer ??= this.#clock.setTimer(() => {
        this.#timer = undefined;
        this.#events.retry();
      }, Math.ceil(pause));
      return false;
    }
    this.#probing = true;
    return true;
  }

  #attempt(): void {
    const round = this.#round;
    this.connecting++;
    this.#factory.open().then(
      (resource) => {
        this.connecting--;
        this.lastError = undefined;
        this.#probing = false;
        this.#succeeded();
        this.#events.opened(resource);
      },
      (error: unknown) => {
        this.connecting--;
        this.lastError = error;
        if (round === this.#round) this.#pause();
        this.#events.failed(error, this.#kindOf(error));
      },
    );
  }

  #kindOf(error: unknown): FailureKind {
    if (this.#factory.isTransient?.(error) === true) return 'transient';
    return this.#factory.isFinal?.(error) === true ? 'final' : 'unclear';
  }

  #succeeded(): void {
    const now = this.#clock.now();
    if (this.#earlyBreaks >= 2 && now - this.#brokeAt < EARLY_MILLISECONDS) {
      // Whether it lasts is to be seen: others follow one by one.
      this.#notBefore = now + APART_MILLISECONDS;
      return;
    }
    this.#failedRounds = 0;
  }

  #pause(): void {
    const longest = Math.min(
      LONGEST_RETRY_MILLISECONDS,
      FIRST_RETRY_MILLISECONDS * 2 ** this.#failedRounds,
    );
    this.#round++;
    this.#failedRounds++;
    this.#probing = false;
    this.#notBefore = this.#clock.now() + longest * (1 - JITTER * this.#random());
  }
}
