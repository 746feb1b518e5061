/**
 * Builds the function that turns the body of a DataRow into a row object.
 *
 * One function is built per result description and format, not per query. It checks every length against
 * the frame; a layout that is wrong is a ProtocolError, a value that cannot be read is a ValueError that
 * names its column. Rows are plain objects: of columns with the same name the last one stays, and a
 * column named `__proto__` is an own property like any other.
 */
import {ProtocolError, ValueError} from '../../errors';
import type {InlineDecoder} from '../../types';

export type RowDecoder = (buffer: Buffer, start: number, end: number) => Row;
export type Row = Record<string, unknown>;
export type ValueDecoder = (buffer: Buffer, start: number, end: number) => unknown;

export interface DecodedColumn {
  readonly name: string;
  readonly typeName: string;
  readonly decode: ValueDecoder;
  /** What the compiled twin reads instead. */
  readonly inline?: InlineDecoder | undefined;
  /** Makes the decoder that the compiled twin calls instead. */
  readonly learn?: (() => ValueDecoder) | undefined;
}

/**
 * Objects of more properties are tables of names to V8 (`kMaxNumberOfDescriptors`). To copy one, or to come there
 * by adding properties to an ordinary object, takes six times as long as to begin with a table, as an object
 * without a prototype does.
 */
const MOST_COLUMNS_OF_A_SHAPE = 1020;

export function buildRowDecoder(columns: readonly DecodedColumn[]): RowDecoder {
  const count = columns.length;
  const hasShape = count <= MOST_COLUMNS_OF_A_SHAPE;
  const template = hasShape ? templateOf(columns) : {};

  return (buffer, start, end) => {
    // Copying an object of the right shape is faster than adding its properties one by one.
    // Without a prototype, `__proto__` is a name like any other.
    const row: Row = hasShape ? {...template} : {__proto__: null};
    let offset = start + 2;
    let column = 0;
    if (offset > end) throw truncated('its number of columns', 0);
    const found = ((buffer[start] ?? 0) << 8) | (buffer[start + 1] ?? 0);
    if (found !== count) {
      throw new ProtocolError(`DataRow has ${found} columns, RowDescription announced ${count}`);
    }
    try {
      for (; column < count; column++) {
        const at = columns[column];
        if (at === undefined) break;
        if (offset + 4 > end) throw truncated('a length', column);
        const length =
          ((buffer[offset] ?? 0) << 24) |
          ((buffer[offset + 1] ?? 0) << 16) |
          ((buffer[offset + 2] ?? 0) << 8) |
          (buffer[offset + 3] ?? 0);
        offset += 4;
        const {name, decode} = at;
        if (length === -1) {
          row[name] = null;
          continue;
        }
        const valueEnd = offset + length;
        if (length < 0 || valueEnd > end) throw truncated(`a value of ${length} bytes`, column);
        row[name] = decode(buffer, offset, valueEnd);
        offset = valueEnd;
      }
    } catch (error) {
      throw atColumn(error, columns[column]);
    }
    if (offset !== end) {
      throw new ProtocolError(`DataRow has ${end - offset} bytes behind its last column`);
    }
    if (!hasShape) Object.setPrototypeOf(row, Object.prototype);
    return row;
  };
}

/** A row of NULLs. */
export function templateOf(columns: readonly DecodedColumn[]): Row {
  const template: Row = {};
  for (const {name} of columns) {
    // Assigning to `__proto__` would call the setter of Object.prototype; spreading the template and
    // assigning to an own property of that name does not.
    Object.defineProperty(template, name, {
      value: null,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  return template;
}

function truncated(what: string, column: number): ProtocolError {
  return new ProtocolError(`DataRow ends within ${what} of column ${column + 1}`);
}

function atColumn(error: unknown, column: DecodedColumn | undefined): unknown {
  if (error instanceof ProtocolError || column === undefined) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new ValueError(`column "${column.name}" of type ${column.typeName}: ${reason}`, {
    code: error instanceof ValueError ? error.code : 'PG_VALUE_MALFORMED',
    cause: error,
    // The statement ran; only its result cannot be read.
    sent: 'maybe',
  });
}
