/** Waiting for promises that may never settle, and saying in a few words what became of them. */

export type Settled<T> = {readonly value: T} | {readonly error: unknown} | 'pending';

const MOST_CHARACTERS = 50;

/** What became of the promise within the time. */
export function within<T>(milliseconds: number, promise: Promise<T>): Promise<Settled<T>> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('pending'), milliseconds);
    const settle = (settled: Settled<T>): void => {
      clearTimeout(timer);
      resolve(settled);
    };
    promise.then(
      (value) => settle({value}),
      (error: unknown) => settle({error}),
    );
  });
}

export function describe(settled: Settled<unknown>): string {
  if (settled === 'pending') return 'pending';
  return 'value' in settled ? 'ok' : nameOf(settled.error);
}

/** `9 ok, 3 pending` */
export function tally(all: readonly Settled<unknown>[]): string {
  const counts = new Map<string, number>();
  for (const settled of all) {
    const name = describe(settled);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${count} ${name}`).join(', ');
}

export function isOk(settled: Settled<unknown>): boolean {
  return settled !== 'pending' && 'value' in settled;
}

/** The code of an error, or else the start of its message. */
export function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && typeof error.code === 'string') return error.code;
  const [line = ''] = error.message.split('\n');
  return line.length <= MOST_CHARACTERS ? line : `${line.slice(0, MOST_CHARACTERS).trimEnd()} ...`;
}
