/**
 * How long to wait before the next attempt to get a connection that listens.
 *
 * Each pause is partly random, the first one as well: all processes lose a server at the same moment, and
 * should not come back at the same one.
 */

const FIRST_PAUSE_MILLISECONDS = 50;
/** Also what recovery costs at most once the server is back. With jitter, one or two attempts per second. */
const LONGEST_PAUSE_MILLISECONDS = 1000;
const JITTER = 0.5;

export class Backoff {
  readonly #random: () => number;
  #failures = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Milliseconds. 0 while nothing has failed. */
  get pause(): number {
    if (this.#failures === 0) return 0;
    const longest = Math.min(
      LONGEST_PAUSE_MILLISECONDS,
      FIRST_PAUSE_MILLISECONDS * 2 ** (this.#failures - 1),
    );
    return Math.ceil(longest * (1 - JITTER * this.#random()));
  }

  /** An attempt failed. */
  failed(): void {
    this.#failures++;
  }

  /** A connection was lost after so long: soon after it was opened counts as another failure. */
  lost(livedMilliseconds: number): void {
    this.#failures = livedMilliseconds < LONGEST_PAUSE_MILLISECONDS ? this.#failures + 1 : 1;
  }
}
