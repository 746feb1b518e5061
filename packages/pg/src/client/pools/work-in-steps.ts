/**
 * Work of which another step may still be to be asked for: it keeps a pool open that is disposed in between.
 *
 * It knows nothing of the steps. Work that fails is done like any other; its caller hears of it.
 */
export class WorkInSteps {
  readonly #underWay = new Set<Promise<unknown>>();

  async until<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(work);
    }
  }

  /** Resolves when all is done, that which begins meanwhile included. Never rejects. */
  async ended(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }
}
