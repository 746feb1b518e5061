/**
 * What an encoder of binary COPY is, and what all of them share.
 *
 * Invariant: a value means what it means as a parameter of a query. An encoder takes the usual kinds of value by
 * the short way; everything else becomes the text that a parameter would be sent as, which is read again
 * (`takeText`), or refused where only the server could read it.
 */
import type {ByteWriter} from '../protocol';
import {encodeParameterAt} from '../types';
import type {CopyPlace} from './copy-place';

/** Writes the length and the binary form of one value that is not null. @throws {ValueError} */
export type ValueEncoder = (out: ByteWriter, value: unknown, place: CopyPlace) => void;

/** The text that this value has as a parameter. */
export function takeText(value: unknown, typeOid: number, place: CopyPlace): string {
  const encoded = encodeParameterAt(value, typeOid, place);
  if (typeof encoded === 'string') return encoded;
  throw place.invalid('is bytes, which only a bytea column takes');
}

/** The end of messages about values that the server could read as text. */
export const OR_TEXT =
  'or say WITH (FORMAT text) in the statement, which leaves reading it to the server';
