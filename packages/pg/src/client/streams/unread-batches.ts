/**
 * The batches of a stream that its reader has not got through, and how much memory they hold.
 *
 * What the reader was given last counts until it asks for more, and only then is its memory used again.
 */
import type {RowBatch} from '../../connection';

export interface Batch {
  readonly rows: RowBatch;
  /** No more rows follow. */
  readonly last: boolean;
  /** As they came. */
  readonly bytes: number;
}

export class UnreadBatches {
  readonly #batches: Batch[] = [];
  #waitingBytes = 0;
  #givenBytes = 0;
  #given: RowBatch | undefined;

  /** How many the reader was not given yet. */
  get length(): number {
    return this.#batches.length;
  }

  get bytes(): number {
    return this.#waitingBytes + this.#givenBytes;
  }

  get hasLast(): boolean {
    return this.#batches[this.#batches.length - 1]?.last === true;
  }

  add(batch: Batch): void {
    this.#batches.push(batch);
    this.#waitingBytes += batch.bytes;
  }

  /** The reader is through with what it was given. @returns Why it did not get to the end of that. */
  read(): Error | undefined {
    const given = this.#given;
    this.#given = undefined;
    this.#givenBytes = 0;
    given?.release();
    return given?.error;
  }

  give(): RowBatch | undefined {
    const batch = this.#batches.shift();
    if (batch === undefined) return undefined;
    this.#waitingBytes -= batch.bytes;
    this.#givenBytes = batch.bytes;
    this.#given = batch.rows;
    return batch.rows;
  }

  /** The reader wants none of them any more, what it was given included. */
  clear(): void {
    for (const {rows} of this.#batches) rows.release();
    this.#batches.length = 0;
    this.#waitingBytes = 0;
    this.#given?.release();
    this.#given = undefined;
    this.#givenBytes = 0;
  }
}
