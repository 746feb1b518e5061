/**
 * The few of many that have most of something, in one pass.
 *
 * To sort all of them for that takes 16 ms where a pool knows 20,000 statements, and metrics ask every few seconds.
 */

/** At most so many items, those of the greatest sizes, the greatest first; of equal ones those that come first. */
export function mostBy<Item>(
  items: Iterable<Item>,
  most: number,
  sizeOf: (item: Item) => number,
): Item[] {
  const found: {readonly item: Item; readonly size: number}[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (const item of items) {
    const size = sizeOf(item);
    if (found.length >= most && size <= least) continue;
    const behind = found.findIndex((other) => other.size < size);
    found.splice(behind === -1 ? found.length : behind, 0, {item, size});
    if (found.length > most) found.pop();
    least = found.at(-1)?.size ?? least;
  }
  return found.map(({item}) => item);
}
