/**
 * What a codec is, and the errors all of them share.
 *
 * Invariants: a codec is pure and immutable; its text and its binary decoder give identical values for the
 * same server value; a decoder never keeps a reference to the buffer it reads; no error of a decoder quotes
 * the value it could not read, because values are the program's data and messages end up in logs.
 */
import {ValueError} from '../errors';

/** How `int8` is read. `number` never rounds: what does not fit is an error. */
export type BigIntMode = 'number' | 'string' | 'bigint';

/** Reads the text form of one value that is not NULL. */
export type TypeParser = (text: string) => unknown;

export interface Codec {
  /** The name in pg_type. */
  readonly name: string;
  readonly decodeText: TypeParser;
  /** Present where binary is the faster way and gives identical values; absent: ask the server for text. */
  readonly decodeBinary?: BinaryDecoder;
  /** What `decodeBinary` does to the common values, for a row decoder to compile in. */
  readonly inline?: InlineDecoder;
  /** The value is the bytes that the server sent, so memory that nobody else has may be given away for it. */
  readonly isBytes?: true;
  /**
   * Makes a decoder that gives what `decodeBinary` gives, and throws where it throws, and remembers what it has
   * met in order to read more of it faster: for one column of which much is read.
   */
  readonly learn?: () => BinaryDecoder;
}

/**
 * JavaScript that stands in a compiled row decoder instead of a call of `decodeBinary`, and gives the same.
 *
 * Written in this package only: it becomes code. It may use `view` and `offset`, and with a guard `high`, the first
 * four bytes as a signed number.
 */
export interface InlineDecoder {
  /** A value of another length is left to `decodeBinary`. */
  readonly bytes: 1 | 2 | 4 | 8;
  /** A condition; a value that does not meet it is left to `decodeBinary`. */
  readonly guard?: string;
  /** The expression for the value. */
  readonly value: string;
}

/** Reads the value in `buffer` from `start` up to, not including, `end`. */
export type BinaryDecoder = (buffer: Buffer, start: number, end: number) => unknown;

/** The server sent something that its own type cannot look like. `why` must not quote the value. */
export function malformed(typeName: string, why: string): ValueError {
  return new ValueError(`a value of type ${typeName} cannot be read: ${why}`, {
    code: 'PG_VALUE_MALFORMED',
  });
}

/** The value is what its type says, and JavaScript has no room for it. */
export function outOfRange(typeName: string, why: string): ValueError {
  return new ValueError(`a value of type ${typeName} ${why}`, {code: 'PG_VALUE_OUT_OF_RANGE'});
}

/** Fixed-length types: a wrong length is not read past or short of. */
export function expectLength(typeName: string, start: number, end: number, bytes: number): void {
  if (end - start !== bytes) {
    throw malformed(typeName, `${end - start} bytes where the binary form has ${bytes}`);
  }
}
