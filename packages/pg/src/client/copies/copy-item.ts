/** Tells what the items of a copyFrom are: rows, or pieces of the data. */
import {types} from 'node:util';
import {UsageError, ValueError} from '../../errors';
import {isPlainObject} from '../../types';

export function isRow(item: unknown): item is object {
  if (Array.isArray(item)) return true;
  if (typeof item !== 'object' || item === null) return false;
  // Most rows are seen for what they are without the calls into C++ that the questions below are.
  if (isPlainObject(item)) return true;
  return !isBytes(item) && !types.isPromise(item);
}

/**
 * A piece of the data as bytes.
 * @param position 1-based, for messages.
 * @throws {UsageError} It is neither bytes nor a string. @throws {ValueError} It is no Unicode text.
 */
export function bytesOfItem(item: unknown, position: number): Uint8Array {
  if (typeof item === 'string') return bytesOfText(item, position);
  if (isBytes(item)) {
    if (types.isUint8Array(item)) return item;
    return ArrayBuffer.isView(item)
      ? new Uint8Array(item.buffer, item.byteOffset, item.byteLength)
      : new Uint8Array(item);
  }
  throw mixed(item, position, 'a row, a string or bytes');
}

export function mixed(item: unknown, position: number, wanted: string): UsageError {
  const what =
    item === null
      ? 'null'
      : isRow(item)
        ? 'a row'
        : isBytes(item)
          ? 'bytes'
          : `of type ${typeof item}`;
  return new UsageError(
    `item ${position} of the data is ${types.isPromise(item) ? 'a promise' : what} where ${wanted} was expected; the items of one copyFrom are either all rows or all strings and bytes`,
    {code: 'PG_INVALID_ARGUMENT'},
  );
}

function bytesOfText(text: string, position: number): Buffer {
  // Lone surrogates are the only characters that UTF-8 does not give back.
  if (/\p{Surrogate}/u.test(text)) {
    throw new ValueError(
      `item ${position} of the data has a lone surrogate at index ${text.search(/\p{Surrogate}/u)}; cut strings between code points, or pass bytes`,
      {code: 'PG_PARAMETER_INVALID'},
    );
  }
  return Buffer.from(text);
}

function isBytes(item: unknown): item is ArrayBufferView | ArrayBufferLike {
  return ArrayBuffer.isView(item) || types.isAnyArrayBuffer(item);
}
