/**
 * How many connections may be replaced because they refused a write: within a second each one of the pool once.
 *
 * A failover needs no more. Where every new connection refuses writes too (the name still leads to the standby, or
 * the program writes where it must not) this keeps the server from being connected to for every failed statement.
 * Takes the time as an argument.
 */
const WINDOW_MILLISECONDS = 1000;

export class ReplacementBudget {
  readonly #most: number;
  #since = -Infinity;
  #replaced = 0;

  constructor(poolSize: number) {
    this.#most = poolSize;
  }

  /** Counts as a replacement when it says yes. */
  mayReplace(now: number): boolean {
    if (now - this.#since >= WINDOW_MILLISECONDS) {
      this.#since = now;
      this.#replaced = 0;
    }
    if (this.#replaced >= this.#most) return false;
    this.#replaced++;
    return true;
  }
}
