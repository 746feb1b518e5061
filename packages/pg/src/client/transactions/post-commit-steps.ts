/**
 * What is to be done once a transaction has committed, in the order it was asked for.
 *
 * A nested transaction collects its own list and hands it to its parent when it is released; the list of
 * one that was rolled back is dropped with it.
 */
export type PostCommitStep = () => Promise<unknown>;

export class PostCommitSteps {
  #steps: PostCommitStep[] = [];

  get none(): boolean {
    return this.#steps.length === 0;
  }

  add(step: PostCommitStep): void {
    this.#steps.push(step);
  }

  addAll(nested: PostCommitSteps): void {
    this.#steps.push(...nested.#steps);
    nested.#steps = [];
  }

  /** Runs the steps one after the other. The first one that throws ends it. */
  async run(): Promise<void> {
    const steps = this.#steps;
    this.#steps = [];
    for (const step of steps) await step();
  }
}
