/**
 * Results: RowDescription, DataRow, CommandComplete, ReadyForQuery, and the messages without a body.
 *
 * Values are not decoded here. The hot path decodes rows itself; `readDataRow` is for everything else.
 */
import type {ByteReader} from '../bytes/byte-reader';
import type {ByteWriter} from '../bytes/byte-writer';
import {BackendTag} from './tags';

/** A FieldDescription of the protocol chapter. */
export interface Column {
  readonly name: string;
  /** The table's OID, or 0 when the column is not one of a table. */
  readonly tableOid: number;
  readonly columnNumber: number;
  readonly typeOid: number;
  /** Size in bytes; negative for a variable one (`pg_type.typlen`). */
  readonly typeSize: number;
  /** `pg_attribute.atttypmod`; -1 when there is none. */
  readonly typeModifier: number;
  /** 0 is text, 1 is binary. */
  readonly format: number;
}

// An empty name, and two times Int32, two times Int16, Int32, Int16 in other words.
const MIN_COLUMN_BYTES = 19;

const NULL_LENGTH = -1;

/** @throws {ProtocolError} It is malformed. */
export function readRowDescription(r: ByteReader): Column[] {
  r.messageName = 'RowDescription';
  const count = r.uint16();
  r.expectRoomFor(count, MIN_COLUMN_BYTES, 'columns');
  const columns: Column[] = [];
  for (let index = 0; index < count; index++) {
    columns.push({
      name: r.cstring(),
      tableOid: r.uint32(),
      columnNumber: r.int16(),
      typeOid: r.uint32(),
      typeSize: r.int16(),
      typeModifier: r.int32(),
      format: readFormatCode(r),
    });
  }
  r.expectEnd('RowDescription');
  return columns;
}

export function writeRowDescription(w: ByteWriter, columns: readonly Column[]): void {
  const frame = w.begin(BackendTag.RowDescription);
  w.uint16(columns.length);
  for (const column of columns) {
    w.cstring(column.name);
    w.uint32(column.tableOid);
    w.int16(column.columnNumber);
    w.uint32(column.typeOid);
    w.int16(column.typeSize);
    w.int32(column.typeModifier);
    w.int16(column.format);
  }
  w.end(frame);
}

function readFormatCode(r: ByteReader): number {
  const format = r.int16();
  if (format !== 0 && format !== 1) throw r.malformed(`it has the format code ${format}`);
  return format;
}

/**
 * The values as views: copy what outlives the frame.
 * @param columnCount As the RowDescription says; undefined takes any.
 * @throws {ProtocolError} It is malformed, or has another number of columns.
 */
export function readDataRow(r: ByteReader, columnCount?: number): (Buffer | null)[] {
  r.messageName = 'DataRow';
  const count = r.uint16();
  if (columnCount !== undefined && count !== columnCount) {
    throw r.malformed(`it has ${count} columns and its RowDescription has ${columnCount}`);
  }
  r.expectRoomFor(count, 4, 'columns');
  const values: (Buffer | null)[] = [];
  for (let index = 0; index < count; index++) {
    const length = r.int32();
    values.push(length === NULL_LENGTH ? null : r.bytes(length));
  }
  r.expectEnd('DataRow');
  return values;
}

export function writeDataRow(w: ByteWriter, values: readonly (string | Uint8Array | null)[]): void {
  const frame = w.begin(BackendTag.DataRow);
  w.uint16(values.length);
  for (const value of values) {
    if (value === null) {
      w.int32(NULL_LENGTH);
    } else if (typeof value === 'string') {
      w.utf8WithLength(value);
    } else {
      w.int32(value.length);
      w.bytes(value);
    }
  }
  w.end(frame);
}

/** The command tag, for example `INSERT 0 1`. */
export function readCommandComplete(r: ByteReader): string {
  r.messageName = 'CommandComplete';
  const commandTag = r.cstring();
  r.expectEnd('CommandComplete');
  return commandTag;
}

export function writeCommandComplete(w: ByteWriter, commandTag: string): void {
  const frame = w.begin(BackendTag.CommandComplete);
  w.cstring(commandTag);
  w.end(frame);
}

/** Idle, in a transaction, in a failed transaction. */
export type TransactionStatus = 'I' | 'T' | 'E';

/** @throws {ProtocolError} It is malformed, or has a status that there is not. */
export function readReadyForQuery(r: ByteReader): TransactionStatus {
  r.messageName = 'ReadyForQuery';
  const code = r.int8();
  r.expectEnd('ReadyForQuery');
  switch (code) {
    case 0x49:
      return 'I';
    case 0x54:
      return 'T';
    case 0x45:
      return 'E';
    default:
      throw r.malformed(
        `its transaction status is the byte ${code & 0xff}, which is not I, T or E`,
      );
  }
}

export function writeReadyForQuery(w: ByteWriter, status: TransactionStatus): void {
  const frame = w.begin(BackendTag.ReadyForQuery);
  w.int8(status.charCodeAt(0));
  w.end(frame);
}

/** Checks a message that consists of its type: ParseComplete, NoData, Sync and their like. */
export function readEmptyBody(r: ByteReader, messageName: string): void {
  r.messageName = messageName;
  r.expectEnd(messageName);
}

/** Writes a message that consists of its type. */
export function writeEmptyBody(w: ByteWriter, tag: number): void {
  w.end(w.begin(tag));
}
