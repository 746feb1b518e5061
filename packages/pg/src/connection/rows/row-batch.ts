/**
 * Rows of a stream that its reader has not got to: kept as the bytes that came, and made one by one when they are
 * asked for.
 *
 * An object that is made when its reader takes it dies young. Those of whole batches outlived several scavenges, which
 * copied them and let V8's young generation grow (docs/design/performance/rows.md). Rows that are large enough for
 * memory of their own are read as they come: their bytes are a value that the program can be given.
 *
 * Invariant: values never point into the bytes, which are used again for a later batch (`ValueDecoder`).
 */
import {ProtocolError, asError} from '../../errors';
import {FRAME_HEADER_BYTES, LARGE_CHUNK_BYTES, SOLE_FRAME_BYTES} from '../../protocol';
import {largeChunks} from '../memory/large-chunks';
import type {Row} from './row-decoder';
import type {TunedDecoder} from './tuned-decoder';

/** Constants of this module: behind the index of another they are getters, asked for with each row. */
const HEADER_BYTES = FRAME_HEADER_BYTES;
/** A frame of this size has memory of its own, which can become a value. */
const LARGE_ROW_BYTES = SOLE_FRAME_BYTES;

const NOTHING = Buffer.alloc(0);

/** The bytes of some rows: DataRow messages, one behind the other. */
class RowBlock {
  readonly bytes: Buffer;
  end = 0;

  constructor(sizeBytes: number) {
    this.bytes = largeChunks.lend(Math.max(sizeBytes, LARGE_CHUNK_BYTES));
  }
}

/** A row that was read when it came. */
class LargeRow {
  readonly row: Row;

  constructor(row: Row) {
    this.row = row;
  }
}

export class RowBatch {
  /** How many rows came. */
  length = 0;
  /** Why the last `next` gave no row, although there was one. */
  error: Error | undefined = undefined;
  readonly #decoder: TunedDecoder;
  #pieces: (RowBlock | LargeRow)[] = [];
  #unreadable: Error | undefined;
  #nextPiece = 0;
  // The block that is being read.
  #bytes: Buffer = NOTHING;
  #at = 0;
  #end = 0;

  constructor(decoder: TunedDecoder) {
    this.#decoder = decoder;
  }

  /** Adds the rows of `buffer[start..end)`: whole messages with their headers. */
  add(buffer: Buffer, start: number, end: number, count: number): void {
    this.length += count;
    if (this.#unreadable !== undefined) return;
    const block = this.#roomFor(end - start);
    buffer.copy(block.bytes, block.end, start, end);
    block.end += end - start;
  }

  #roomFor(sizeBytes: number): RowBlock {
    const last = this.#pieces[this.#pieces.length - 1];
    if (last instanceof RowBlock && sizeBytes <= last.bytes.length - last.end) return last;
    const block = new RowBlock(sizeBytes);
    this.#pieces.push(block);
    return block;
  }

  /** Adds one row of any size, whose body is `buffer[start..end)`. */
  addOne(buffer: Buffer, start: number, end: number): void {
    const from = start - HEADER_BYTES;
    if (end - from < LARGE_ROW_BYTES) return this.add(buffer, from, end, 1);
    this.length++;
    if (this.#unreadable !== undefined) return;
    try {
      this.#pieces.push(new LargeRow(this.#decoder.decode(buffer, start, end)));
    } catch (error) {
      if (error instanceof ProtocolError) throw error;
      // It is told at its place, behind the rows before it.
      this.#unreadable = asError(error);
    }
  }

  /** The next row. Undefined: there is none, or it cannot be read, which `error` says then. */
  next(): Row | undefined {
    if (this.#at === this.#end) {
      const large = this.#goToNextPiece();
      if (large !== undefined || this.#at === this.#end) return large;
    }
    const bytes = this.#bytes;
    const at = this.#at;
    this.#at = at + 1 + bytes.readInt32BE(at + 1);
    try {
      return this.#decoder.decode(bytes, at + HEADER_BYTES, this.#at);
    } catch (error) {
      return this.#fail(error);
    }
  }

  #goToNextPiece(): Row | undefined {
    const piece = this.#pieces[this.#nextPiece];
    if (piece === undefined) {
      this.error ??= this.#unreadable;
      return undefined;
    }
    this.#nextPiece++;
    if (piece instanceof LargeRow) return piece.row;
    this.#bytes = piece.bytes;
    this.#at = 0;
    this.#end = piece.end;
    return undefined;
  }

  #fail(error: unknown): undefined {
    this.error = asError(error);
    this.#at = this.#end;
    this.#nextPiece = this.#pieces.length;
  }

  /** Gives its memory back: it has no more rows. */
  release(): void {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#bytes = NOTHING;
    this.#at = 0;
    this.#end = 0;
    for (const piece of pieces) {
      if (piece instanceof RowBlock) largeChunks.giveBack(piece.bytes);
    }
  }
}
