/**
 * Rows as the data of a COPY: what is known of them, and the text format. The binary one is binary-row-encoder.ts.
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

/** What both formats have in common. */
export abstract class ColumnsEncoder implements RowEncoder {
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
  abstract row(out: ByteWriter, row: object): void;

  /** The values of the row that is now to be written, in the order of the columns. */
  protected valuesOf(row: object): readonly unknown[] {
    if (!Array.isArray(row)) return this.#properties(row);
    if (row.length !== this.columns.length) throw this.place.wrongLength(row.length);
    return row;
  }

  #properties(row: object): unknown[] {
    const names = this.#names;
    const values = new Array<unknown>(names.length);
    if (isRecord(row)) for (let i = 0; i < names.length; i++) values[i] = row[names[i] ?? ''];
    return values;
  }
}

export class TextRowEncoder extends ColumnsEncoder {
  start(): void {}

  row(out: ByteWriter, row: object): void {
    const {place, columns} = this;
    place.row++;
    const values = this.valuesOf(row);
    let line = '';
    for (let i = 0; i < columns.length; i++) {
      place.column = i;
      const field = encodeParameterAt(values[i], columns[i]?.parameterType ?? 0, place);
      line += i === 0 ? textFieldOf(field) : `\t${textFieldOf(field)}`;
    }
    out.utf8(`${line}\n`);
  }

  end(): void {}
}

// Every object can be asked for any name.
function isRecord(_row: object): _row is Readonly<Record<string, unknown>> {
  return true;
}
