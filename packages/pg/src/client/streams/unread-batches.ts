/**
 * The batches of a stream that its reader has not got through, and how much memory they hold.
 *
 * What the reader was given last counts until it asks for more: it may still hold every row of it.
 */
import type {Row} from '../../connection';

export interface Batch {
  readonly rows: Row[];
  /** No more rows follow. */
  readonly last: boolean;
  /** As they came. */
  readonly bytes: number;
}

export class UnreadBatches {
  readonly #batches: Batch[] = [];
  #waitingBytes = 0;
  #givenBytes = 0;

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

  /** The reader is through with what it was given. */
  read(): void {
    this.#givenBytes = 0;
  }

  give(): Row[] | undefined {
    const batch = this.#batches.shift();
    if (batch === undefined) return undefined;
    this.#waitingBytes -= batch.bytes;
    this.#givenBytes = batch.bytes;
    return batch.rows;
  }

  clear(): void {
    this.#batches.length = 0;
    this.#waitingBytes = 0;
    this.#givenBytes = 0;
  }
}
