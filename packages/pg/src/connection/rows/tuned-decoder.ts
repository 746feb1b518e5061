/**
 * The decoder of one row layout, which gets faster when it is used much: it interprets at first and is
 * compiled once it has read enough rows to pay for that.
 */
import {compileRowDecoder} from './compiled-row-decoder';
import {buildRowDecoder} from './row-decoder';
import type {DecodedColumn, RowDecoder} from './row-decoder';

/**
 * Until V8 has optimised what was compiled, after some thousand rows more, it is slower than interpreting, and
 * optimising costs as much as it saves in 20,000 rows (of 10, 50 and 200 columns alike).
 */
const COMPILE_AFTER_ROWS = 4096;

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
