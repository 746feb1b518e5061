/**
 * How many resources slow work leaves free: as many as the rest of the work needs, within limits.
 *
 * Kept small, slow work has more of the pool; kept large, short work never waits for it. Which of the two costs less
 * depends on how much short work there is, so that is measured: what its tasks are expected to take, for each
 * millisecond that passes, plus the resources that are leased. Decides how many, not who gets them. Takes the time as
 * an argument and never looks at a clock. Until something is known, the reserve is as large as it may be.
 */
import {reserveLimits} from './lane-policy';

/** How often the need is looked at, at most. Longer than single tasks, shorter than people notice. */
const WINDOW_MILLISECONDS = 50;
/** How fast the past is forgotten: after this long, 37 % of it is left. */
const MEMORY_MILLISECONDS = 250;
/** One more is kept free where those that are would be busy for more than this part of the time: then work queues. */
const GROW_ABOVE = 0.6;
/** One less, where the others would be busy for no more than this part. The gap keeps the reserve from swinging. */
const SHRINK_BELOW = 0.45;

export class Reserve {
  /** Resources that slow work leaves free at the moment. */
  size: number;
  /** Resources that work other than slow work keeps busy, on average. */
  #need: number;
  #expectedMilliseconds = 0;
  #windowBegan = -Infinity;
  readonly #least: number;
  readonly #most: number;

  /** @param max Resources of the pool. */
  constructor(max: number) {
    const {least, most} = reserveLimits(max);
    this.#least = least;
    this.#most = most;
    this.#need = most;
    this.size = most;
  }

  /** Work came that is not slow, and is expected to take so long. Whether it waits makes no difference. */
  arrived(expectedMilliseconds: number): void {
    this.#expectedMilliseconds += expectedMilliseconds;
  }

  /** Is it time for `adjust`? */
  isDue(now: number): boolean {
    return now - this.#windowBegan >= WINDOW_MILLISECONDS;
  }

  /** Follows the need of the time since the last call. @param leased Resources that are leased now. */
  adjust(now: number, leased: number): void {
    const elapsed = now - this.#windowBegan;
    // The first window has no length: nothing is known yet.
    if (elapsed !== Infinity) {
      const need = this.#expectedMilliseconds / elapsed + leased;
      this.#need += (1 - Math.exp(-elapsed / MEMORY_MILLISECONDS)) * (need - this.#need);
      while (this.size < this.#most && this.#need > this.size * GROW_ABOVE) this.size++;
      while (this.size > this.#least && this.#need <= (this.size - 1) * SHRINK_BELOW) this.size--;
    }
    this.#windowBegan = now;
    this.#expectedMilliseconds = 0;
  }
}
