/** Counts operations and keeps the latency of each until a time is over. Milliseconds throughout. */
export interface Stopwatch {
  readonly now: () => number;
  readonly endsAt: number;
  record(latencyMilliseconds: number): void;
}

export class LatencyRecorder implements Stopwatch {
  readonly now: () => number;
  readonly startedAt: number;
  readonly endsAt: number;
  // Doubled when full: a plain array of numbers would be the largest thing in the worker's heap.
  #latencies = new Float64Array(4096);
  #count = 0;

  constructor(durationMilliseconds: number, now: () => number) {
    this.now = now;
    this.startedAt = now();
    this.endsAt = this.startedAt + durationMilliseconds;
  }

  record(latencyMilliseconds: number): void {
    if (this.#count === this.#latencies.length) {
      const larger = new Float64Array(this.#count * 2);
      larger.set(this.#latencies);
      this.#latencies = larger;
    }
    this.#latencies[this.#count++] = latencyMilliseconds;
  }

  get count(): number {
    return this.#count;
  }

  /** In ascending order. */
  sortedLatencies(): Float64Array {
    return this.#latencies.slice(0, this.#count).sort();
  }
}
