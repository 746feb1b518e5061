/** The few figures that the report is made of. Pure. */

/** The value below which the share `fraction` of the ascending `sorted` lies (nearest rank). */
export function quantile(sorted: ArrayLike<number>, fraction: number): number {
  const rank = Math.max(1, Math.ceil(sorted.length * fraction));
  const value = sorted[rank - 1];
  if (value === undefined) throw new Error('a quantile of nothing');
  return value;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  // The two middle values; of an odd number of values they are the same one.
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  const upper = sorted[Math.floor(sorted.length / 2)];
  if (lower === undefined || upper === undefined) throw new Error('a median of nothing');
  return (lower + upper) / 2;
}

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function spread(values: readonly number[]): Spread {
  return {median: median(values), least: Math.min(...values), most: Math.max(...values)};
}

/**
 * Dividend by divisor, round by round: the machine's speed drifts by a factor of two between rounds, and
 * only within one it is about the same for both. Rounds that either lacks are left out.
 */
export function ratios(
  dividends: ReadonlyMap<number, number>,
  divisors: ReadonlyMap<number, number>,
): number[] {
  const result: number[] = [];
  for (const [round, dividend] of dividends) {
    const divisor = divisors.get(round);
    if (divisor !== undefined) result.push(dividend / divisor);
  }
  return result;
}
