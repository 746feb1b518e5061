/** Rows in batches, and a batch as one array per column, for `INSERT ... SELECT * FROM unnest(...)`. */
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

// All rows in one statement took peers up to six times the CPU time. 5 parameters each, for those who send values
// one by one, stay below the 65,535 of a statement.
const rowsPerStatement = 10_000;

/** The parts of a load, for statements of which each holds one. */
export function* batches(items: readonly InsertItem[]): Generator<readonly InsertItem[]> {
  for (let start = 0; start < items.length; start += rowsPerStatement) {
    yield items.slice(start, start + rowsPerStatement);
  }
}
