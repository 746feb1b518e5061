/**
 * Messages of a server, written by hand, so that a test can say exactly what is wrong with them.
 *
 * The writers of the package refuse to write most of this.
 */

export function frame(tag: string, ...body: readonly (string | Uint8Array)[]): Buffer {
  const bytes = Buffer.concat(body.map((part) => Buffer.from(part)));
  return Buffer.concat([header(tag, 4 + bytes.length), bytes]);
}

/** The five bytes in front of a body, whatever length they claim. */
export function header(tag: string, length: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.write(tag, 'latin1');
  bytes.writeInt32BE(length, 1);
  return bytes;
}

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

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
