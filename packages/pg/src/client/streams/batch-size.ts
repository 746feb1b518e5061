/** How many rows a stream asks for at a time: what the program says, or more and more up to a bound of memory. */
import {UsageError} from '../../errors';

/** As in the original API: enough for a screen, little enough to start at once. */
const DEFAULT_BATCH_ROWS = 16;
/**
 * Where the program does not say how many, batches grow up to here. With an eighth of it, client and server wait for
 * each other so often that an export takes a third longer (docs/design/performance/rows.md).
 */
const MOST_BATCH_ROWS = 4096;
/** Others on the same connection wait for a batch. */
const MOST_SHARED_BATCH_ROWS = 512;
/** And no further than to batches of about this size: memory holds two of them, and what the reader has. */
export const MOST_BATCH_BYTES = 1_048_576;

/** From one batch to the next. Each costs a write, so a result of 1000 rows is dearer where they double. */
const GROWTH = 4;

export class BatchSize {
  readonly #grows: boolean;
  readonly #most: number;
  rows: number;

  /** @throws {UsageError} `PG_INVALID_ARGUMENT` */
  constructor(batchRows: number | undefined, isShared: boolean) {
    this.#grows = batchRows === undefined;
    this.#most = isShared ? MOST_SHARED_BATCH_ROWS : MOST_BATCH_ROWS;
    // A batch that others wait for is read to its end, so the first row has to say how large rows are.
    this.rows =
      batchRows === undefined ? (isShared ? 1 : DEFAULT_BATCH_ROWS) : assertRows(batchRows);
  }

  /** The size of the batch after this one, from how large rows are. */
  next(rowBytes: number): number {
    if (this.#grows) {
      const fitting = Math.ceil(MOST_BATCH_BYTES / Math.max(rowBytes, 1));
      const more = Math.max(this.rows * GROWTH, DEFAULT_BATCH_ROWS);
      this.rows = Math.min(more, this.#most, fitting);
    }
    return this.rows;
  }
}

function assertRows(batchRows: number): number {
  if (Number.isInteger(batchRows) && batchRows > 0 && batchRows < 2 ** 31) return batchRows;
  throw new UsageError(`batchSize is a whole number of rows above 0, not ${String(batchRows)}`, {
    code: 'PG_INVALID_ARGUMENT',
  });
}
