/**
 * Rows in the binary format of COPY. Values go the short way of their type where it takes them (direct-encoder.ts),
 * and else the exact one, which also says what is wrong with them.
 * https://www.postgresql.org/docs/18/sql-copy.html#SQL-COPY-FILE-FORMATS
 *
 * Invariant: before values are written the short way, there is room for all of their group.
 */
import type {ByteWriter} from '../protocol';
import {encodeParameterAt} from '../types';
import type {CopyPlace} from './copy-place';
import {NOT_TAKEN} from './direct-encoder';
import type {DirectEncoder} from './direct-encoder';
import {directEncoderOf} from './direct-encoders';
import {DirectMemory} from './direct-memory';
import {ColumnsEncoder} from './row-encoder';
import type {CopyColumn} from './row-encoder';
import {COLUMNS_PER_GROUP, rowLayoutOf} from './row-layout';
import type {RowLayout, RowPen, UnrolledRow} from './row-layout';
import type {ValueEncoder} from './value-encoder';

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');

/** The count of columns, or the length in front of a value. */
const LENGTH_BYTES = 4;

// Plain fields, not `#`: they are used for each row and value.
export class BinaryRowEncoder extends ColumnsEncoder implements RowPen {
  readonly memory = new DirectMemory();
  private readonly encoders: readonly ValueEncoder[];
  private readonly direct: readonly DirectEncoder[];
  /** The most that a group of columns has which goes the short way as a whole. */
  private readonly groupBytes: number;
  private readonly layout: RowLayout;
  private unrolled: UnrolledRow | undefined;

  constructor(columns: readonly CopyColumn[], encoders: readonly ValueEncoder[]) {
    super(columns);
    this.encoders = encoders;
    this.direct = encoders.map(directEncoderOf);
    const mostBytes = Math.max(0, ...this.direct.map((direct) => direct.mostBytes));
    this.groupBytes = LENGTH_BYTES + COLUMNS_PER_GROUP * (LENGTH_BYTES + mostBytes);
    this.layout = rowLayoutOf(columns, this.direct);
  }

  start(out: ByteWriter): void {
    out.bytes(SIGNATURE);
    // Flags, and the length of the header's extension.
    out.int32(0);
    out.int32(0);
  }

  row(out: ByteWriter, row: object): void {
    this.place.row++;
    const {unrolled} = this;
    if (unrolled === undefined) {
      this.loop(out, this.valuesOf(row));
      this.unrolled = this.layout.counted();
    } else if (Array.isArray(row)) unrolled.ofArray(this, out, this.valuesOf(row));
    else unrolled.ofObject(this, out, row);
  }

  end(out: ByteWriter): void {
    out.int16(-1);
  }

  // Of RowPen.
  begin(out: ByteWriter): number {
    const at = this.memory.open(out, this.groupBytes);
    this.memory.view.setInt16(at, this.direct.length);
    return at + 2;
  }

  // Of RowPen.
  goOn(out: ByteWriter, at: number): number {
    this.finish(out, at);
    return this.memory.open(out, this.groupBytes);
  }

  // Of RowPen.
  exactly(out: ByteWriter, column: number, given: unknown, at: number): number {
    const {place} = this;
    this.finish(out, at);
    place.column = column;
    const value = typeof given === 'object' ? convert(given, place) : given;
    if (value === null) out.int32(-1);
    else this.encoders[column]?.(out, value, place);
    return this.memory.open(out, this.groupBytes);
  }

  // Of RowPen.
  finish(out: ByteWriter, at: number): void {
    this.memory.close(out, at);
  }

  private loop(out: ByteWriter, values: readonly unknown[]): void {
    const {direct} = this;
    let at = this.begin(out);
    for (let column = 0; column < direct.length; column++) {
      if (column > 0 && column % COLUMNS_PER_GROUP === 0) at = this.goOn(out, at);
      const value = values[column];
      if (value === null) {
        this.memory.view.setInt32(at, -1);
        at += LENGTH_BYTES;
        continue;
      }
      const next = direct[column]?.write(this.memory.view, at, value) ?? NOT_TAKEN;
      at = next === NOT_TAKEN ? this.exactly(out, column, value, at) : next;
    }
    this.finish(out, at);
  }
}

function convert(value: object | null, place: CopyPlace): unknown {
  if (value === null || Array.isArray(value) || !('toPostgres' in value)) return value;
  return encodeParameterAt(value, 0, place);
}

/** Binary where every column has an encoder. */
export function binaryEncoder(columns: readonly CopyColumn[]): BinaryRowEncoder | undefined {
  const encoders: ValueEncoder[] = [];
  for (const {encode} of columns) if (encode !== undefined) encoders.push(encode);
  return encoders.length === columns.length ? new BinaryRowEncoder(columns, encoders) : undefined;
}
