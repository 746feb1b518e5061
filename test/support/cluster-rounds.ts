/**
 * How often the tests of the cluster's invariants do what they do: a short slice, so that they may run with all others,
 * or as often as the pass figures of test/cluster/README.md say with `CLUSTER_ROUNDS=full`. `CLUSTER_ROUNDS=n`: n times.
 */
const given = process.env['CLUSTER_ROUNDS'];

export function roundsOf(full: number, slice = 2): number {
  if (given === undefined) return slice;
  if (given === 'full') return full;
  const rounds = Number(given);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`CLUSTER_ROUNDS is full or a whole number, not ${given}`);
  }
  return Math.min(rounds, full);
}

/** What tests hold to a limit: the worst of many says more of a busy machine than of the program. */
export function medianOf(figures: readonly number[]): number {
  return figures.toSorted((one, two) => one - two)[figures.length >> 1] ?? Number.NaN;
}

/** The middle and the worst of figures, for what a test prints. */
export function summary(figures: readonly number[]): string {
  return `median ${medianOf(figures).toFixed(0)}, worst ${Math.max(...figures).toFixed(0)} of ${figures.length}`;
}
