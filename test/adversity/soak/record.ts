/**
 * What a soak has seen: operations, errors by kind, faults, violations, and samples over time.
 *
 * It also watches promises: one that does not settle in `patienceMilliseconds` is a violation, and whoever waits for
 * it goes on with an error.
 */
import {PgError} from '@databases/pg';

export interface Sample {
  readonly atMilliseconds: number;
  /** Since the sample before. */
  readonly operations: number;
  readonly errors: number;
  readonly rssBytes: number;
}

/** Of the heap and the buffers outside of it, after collecting garbage, when nothing ran. */
export interface Checkpoint {
  readonly atMilliseconds: number;
  readonly heapBytes: number;
}

/** A violation is listed so often; more of the kind are counted. */
const MOST_VIOLATIONS = 50;

export class SoakRecord {
  readonly operations = new Map<string, number>();
  readonly errors = new Map<string, number>();
  readonly faults = new Map<string, number>();
  /** Every fault with its time, for who looks for the one behind a violation. */
  readonly history: string[] = [];
  readonly violations: string[] = [];
  readonly samples: Sample[] = [];
  readonly checkpoints: Checkpoint[] = [];
  violationCount = 0;
  readonly #now: () => number;
  readonly #patienceMilliseconds: number;
  readonly #startedAt: number;
  #sampled = {operations: 0, errors: 0};

  constructor(now: () => number, patienceMilliseconds: number) {
    this.#now = now;
    this.#patienceMilliseconds = patienceMilliseconds;
    this.#startedAt = now();
  }

  get atMilliseconds(): number {
    return Math.round(this.#now() - this.#startedAt);
  }

  violation(text: string): void {
    this.violationCount++;
    if (this.violations.length < MOST_VIOLATIONS) {
      this.violations.push(`at ${(this.atMilliseconds / 1000).toFixed(1)} s: ${text}`);
    }
  }

  fault(name: string): void {
    increment(this.faults, name);
    this.history.push(`${(this.atMilliseconds / 1000).toFixed(2)} s: ${name}`);
  }

  error(error: unknown): void {
    increment(this.errors, kindOf(error));
  }

  sample(rssBytes: number): void {
    const [operations, errors] = [sum(this.operations), sum(this.errors)];
    this.samples.push({
      atMilliseconds: this.atMilliseconds,
      operations: operations - this.#sampled.operations,
      errors: errors - this.#sampled.errors,
      rssBytes,
    });
    this.#sampled = {operations, errors};
  }

  /** The same promise, unless it takes too long. */
  settled<T>(what: string, promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.violation(`not settled after ${this.#patienceMilliseconds} ms: ${what}`);
        reject(new Error(`given up: ${what}`));
      }, this.#patienceMilliseconds);
      promise.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }
}

export function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

export function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

export function kindOf(error: unknown): string {
  if (error instanceof PgError) return error.code;
  return error instanceof Error ? error.name : typeof error;
}
