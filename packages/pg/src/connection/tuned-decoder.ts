/**
 * The decoder of one row layout, which gets faster when it is used much: it interprets at first and is
 * compiled once it has read enough rows to pay for that.
 */
import {compileRowDecoder} from './compiled-row-decoder';
import {buildRowDecoder} from './row-decoder';
import type {DecodedColumn, RowDecoder} from './row-decoder';

/** Compiling costs as much as interpreting about this many rows of ten columns. */
const COMPILE_AFTER_ROWS = 1024;

export class TunedDecoder {
  decode: RowDecoder;
  readonly #columns: readonly DecodedColumn[];
  #rows = 0;

  constructor(columns: readonly DecodedColumn[]) {
    this.#columns = columns;
    this.decode = buildRowDecoder(columns);
  }

  /** So many more rows were read. */
  counted(rows: number): void {
    const before = this.#rows;
    if (before >= COMPILE_AFTER_ROWS) return;
    this.#rows += rows;
    if (this.#rows < COMPILE_AFTER_ROWS) return;
    this.decode = compileRowDecoder(this.#columns, this.decode) ?? this.decode;
  }
}

/** How often a long result reports its rows: a power of two. */
export const COUNT_EVERY_ROWS = 1024;
