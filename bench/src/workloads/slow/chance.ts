/** Numbers in [0, 1) that look like chance and are the same for the same seed. Not for secrets. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A linear congruential generator modulo 2^32; its high bits, which decide here, are the good ones. */
  next(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#state / 2 ** 32;
  }
}
