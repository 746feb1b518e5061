/** Reads a DataRow of which all columns are text (protocol chapter 54.7, DataRow): the values as they came. */
import {ProtocolError} from '../../errors';
import {readUtf8} from '../../types';

const NULL_LENGTH = -1;

/** @throws {ProtocolError} The lengths in the row do not fit it. */
export function readTextRow(buffer: Buffer, start: number, end: number): (string | null)[] {
  if (start + 2 > end) throw brokenRow();
  const values: (string | null)[] = [];
  let at = start + 2;
  for (let left = buffer.readUInt16BE(start); left > 0; left--) {
    if (at + 4 > end) throw brokenRow();
    const length = buffer.readInt32BE(at);
    at += 4;
    if (length === NULL_LENGTH) {
      values.push(null);
      continue;
    }
    if (length < 0 || at + length > end) throw brokenRow();
    values.push(readUtf8(buffer, at, at + length));
    at += length;
  }
  if (at !== end) throw brokenRow();
  return values;
}

function brokenRow(): ProtocolError {
  return new ProtocolError('the lengths in a DataRow do not fit it');
}
