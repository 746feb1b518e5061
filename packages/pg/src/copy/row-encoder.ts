/**
 * Rows as the data of a COPY: in the binary format where all columns have an encoder, else in the text format.
 * https://www.postgresql.org/docs/18/sql-copy.html#SQL-COPY-FILE-FORMATS
 *
 * Code of the program may run in here (toJSON, toPostgres, getters). It cannot meet a half-written message: the
 * writer belongs to this COPY alone, and its bytes go nowhere before the row is whole.
 */
import type {ByteWriter} from '../protocol';
import {encodeParameterAt} from '../types';
import {CopyPlace} from './copy-place';
import {textFieldOf} from './text-field';
import type {ValueEncoder} from './value-encoder';

export interface CopyColumn {
  readonly name: string;
  /** The built-in type by whose rules arrays are written; 0 if not known. */
  readonly parameterType: number;
  /** Absent: the values go as text. */
  readonly encode: ValueEncoder | undefined;
}

export interface RowEncoder {
  /** What stands in front of the rows. */
  start(out: ByteWriter): void;
  /** @throws {ValueError} Names the row and the column, never the value. */
  row(out: ByteWriter, row: object): void;
  /** What stands behind the rows. */
  end(out: ByteWriter): void;
}

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');

abstract class ColumnsEncoder implements RowEncoder {
  protected readonly columns: readonly CopyColumn[];
  protected readonly place: CopyPlace;
  readonly #names: readonly string[];

  constructor(columns: readonly CopyColumn[]) {
    this.columns = columns;
    this.#names = columns.map(({name}) => name);
    this.place = new CopyPlace(this.#names);
  }

  abstract start(out: ByteWriter): void;
  abstract end(out: ByteWriter): void;
  protected abstract write(out: ByteWriter, row: readonly unknown[]): void;

  row(out: ByteWriter, row: object): void {
    const {place} = this;
    place.row++;
    if (!Array.isArray(row)) {
      this.write(out, this.#valuesOf(row));
      return;
    }
    if (row.length !== this.columns.length) throw place.wrongLength(row.length);
    this.write(out, row);
  }

  #valuesOf(row: object): unknown[] {
    const names = this.#names;
    const values = new Array<unknown>(names.length);
    if (isRecord(row)) for (let i = 0; i < names.length; i++) values[i] = row[names[i] ?? ''];
    return values;
  }
}

export class BinaryRowEncoder extends ColumnsEncoder {
  readonly #encoders: readonly ValueEncoder[];

  constructor(columns: readonly CopyColumn[], encoders: readonly ValueEncoder[]) {
    super(columns);
    this.#encoders = encoders;
  }

  start(out: ByteWriter): void {
    out.bytes(SIGNATURE);
    // Flags, and the length of the header's extension.
    out.int32(0);
    out.int32(0);
  }

  protected write(out: ByteWriter, row: readonly unknown[]): void {
    const {place} = this;
    const encoders = this.#encoders;
    out.int16(encoders.length);
    for (let i = 0; i < encoders.length; i++) {
      place.column = i;
      const given = row[i];
      const value = typeof given === 'object' ? convert(given, place) : given;
      if (value === null) out.int32(-1);
      else encoders[i]?.(out, value, place);
    }
  }

  end(out: ByteWriter): void {
    out.int16(-1);
  }
}

export class TextRowEncoder extends ColumnsEncoder {
  start(): void {}

  protected write(out: ByteWriter, row: readonly unknown[]): void {
    const {place, columns} = this;
    let line = '';
    for (let i = 0; i < columns.length; i++) {
      place.column = i;
      const field = encodeParameterAt(row[i], columns[i]?.parameterType ?? 0, place);
      line += i === 0 ? textFieldOf(field) : `\t${textFieldOf(field)}`;
    }
    out.utf8(`${line}\n`);
  }

  end(): void {}
}

function convert(value: object | null, place: CopyPlace): unknown {
  if (value === null || Array.isArray(value) || !('toPostgres' in value)) return value;
  return encodeParameterAt(value, 0, place);
}

// Every object can be asked for any name.
function isRecord(_row: object): _row is Readonly<Record<string, unknown>> {
  return true;
}

/** Binary where every column has an encoder. */
export function binaryEncoder(columns: readonly CopyColumn[]): BinaryRowEncoder | undefined {
  const encoders: ValueEncoder[] = [];
  for (const {encode} of columns) if (encode !== undefined) encoders.push(encode);
  return encoders.length === columns.length ? new BinaryRowEncoder(columns, encoders) : undefined;
}
