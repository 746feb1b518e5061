/**
 * Messages of a server, written by hand, so that a test can say exactly what is wrong with them.
 *
 * The writers of the package refuse to write most of this.
 */
import {frame, int16, int32} from '../../support/frames';

const TEXT_OID = 25;

/** What RowDescription says of one column. */
export function field(name: string, typeOid = TEXT_OID): Buffer {
  const numbers = [int32(0), int16(0), int32(typeOid), int16(0xffff), int32(-1), int16(0)];
  return Buffer.concat([Buffer.from(`${name}\0`), ...numbers]);
}

export function rowDescription(...names: readonly string[]): Buffer {
  return frame('T', int16(names.length), ...names.map((name) => field(name)));
}

/** A value and its length, which may be said to be another one. */
export function column(text: string, length = Buffer.byteLength(text)): Buffer {
  return Buffer.concat([int32(length), Buffer.from(text)]);
}

export function row(...values: readonly string[]): Buffer {
  return frame('D', int16(values.length), ...values.map((text) => column(text)));
}

export const parsed = Buffer.concat([frame('1'), frame('t', int16(0))]);
export const bound = frame('2');
/** All that comes before the rows of a statement that is run for the first time. */
export const described = Buffer.concat([parsed, rowDescription('answer'), bound]);
export const complete = frame('C', 'SELECT 1\0');
export const ready = frame('Z', 'I');
/** The same without an error, as a server would say it. */
export const honest = (text: string): Buffer =>
  Buffer.concat([described, row(text), complete, ready]);
