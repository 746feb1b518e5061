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

/** The middle and the worst of figures, for what a test prints. */
export function summary(figures: readonly number[]): string {
  const sorted = figures.toSorted((one, two) => one - two);
  const middle = sorted[sorted.length >> 1] ?? Number.NaN;
  const worst = sorted.at(-1) ?? Number.NaN;
  return `median ${middle.toFixed(0)}, worst ${worst.toFixed(0)} of ${sorted.length}`;
}
