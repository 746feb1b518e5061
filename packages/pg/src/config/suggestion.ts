/**
 * "Did you mean ...?" for names that nobody knows.
 * Pure text; suggests only what is close enough to be a slip of the fingers.
 */

/** ` Did you mean "sslmode"?` with a leading space, or nothing when no name is close. */
export function didYouMean(unknown: string, known: Iterable<string>): string {
  const limit = Math.max(1, Math.floor(unknown.length / 3));
  const wanted = simplify(unknown);
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const name of known) {
    const distance = editDistance(wanted, simplify(name), bestDistance);
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best === undefined ? '' : ` Did you mean "${best}"?`;
}

// pool_size, pool-size and poolSize are the same word.
function simplify(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '');
}

// Optimal string alignment: a swap of neighbours is one slip. Gives `limit` as soon as it cannot be less.
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({length: b.length + 1}, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return Math.min(limit, at(last, b.length));
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
