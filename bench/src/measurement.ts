/** What a worker tells the runner, as one line of JSON, and the check of that line. */
export interface Measurement {
  /** In the measured time. */
  readonly operations: number;
  /** Since the worker started: with checks before and the warm-up; what the database must have seen. */
  readonly loopedOperations: number;
  readonly seconds: number;
  readonly operationsPerSecond: number;
  /** CPU of the whole worker process, all threads, user and system, per operation. */
  readonly clientMicroseconds: number;
  /** Its part in the kernel: sockets and waiting for them. */
  readonly clientSystemMicroseconds: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  readonly maxResidentBytes: number;
  /** CPU of the worker process over its whole life. */
  readonly lifetimeSeconds: number;
  /** Of the measured time, in which collecting garbage kept the main thread. Missing under Bun. */
  readonly garbageCollectionShare?: number;
  /** What only this workload measures, by name; lower is better, but for what ends in `PerSecond`. */
  readonly figures: Readonly<Record<string, number>>;
}

type RequiredNumber = Exclude<keyof Measurement, 'figures' | 'garbageCollectionShare'>;

const fields: Readonly<Record<RequiredNumber, true>> = {
  operations: true,
  loopedOperations: true,
  seconds: true,
  operationsPerSecond: true,
  clientMicroseconds: true,
  clientSystemMicroseconds: true,
  p50Milliseconds: true,
  p99Milliseconds: true,
  maxResidentBytes: true,
  lifetimeSeconds: true,
};

export function isMeasurement(value: unknown): value is Measurement {
  if (typeof value !== 'object' || value === null) return false;
  const share: keyof Measurement = 'garbageCollectionShare';
  const entries = new Map<string, unknown>(Object.entries(value));
  return (
    Object.keys(fields).every((field) => Number.isFinite(entries.get(field))) &&
    (!entries.has(share) || Number.isFinite(entries.get(share))) &&
    areFigures(entries.get('figures'))
  );
}

function areFigures(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((figure) => Number.isFinite(figure))
  );
}
