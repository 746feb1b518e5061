/** Rows turned into one array per column, for `INSERT ... SELECT * FROM unnest(...)`. */
import type {InsertItem} from './program';

export interface Columns {
  readonly ids: number[];
  readonly names: string[];
  readonly scores: number[];
  readonly times: Date[];
  readonly actives: boolean[];
}

export function columnsOf(items: readonly InsertItem[]): Columns {
  const columns: Columns = {ids: [], names: [], scores: [], times: [], actives: []};
  for (const {id, name, score, happened_at: happenedAt, active} of items) {
    columns.ids.push(id);
    columns.names.push(name);
    columns.scores.push(score);
    columns.times.push(happenedAt);
    columns.actives.push(active);
  }
  return columns;
}

/** Parts of at most `size` items. */
export function* batches(
  items: readonly InsertItem[],
  size: number,
): Generator<readonly InsertItem[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
