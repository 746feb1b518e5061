/**
 * Reads the binary form of an array, as array_send writes it (utils/adt/arrayfuncs.c): number of dimensions,
 * flags, element OID, length and lower bound of each dimension, then each element behind its length.
 *
 * No count of the server is believed: arrays grow as elements are read, and each element takes at least the four
 * bytes of its length, so a forged count ends at the end of the value and allocates nothing.
 */
import {malformed} from './codec';
import type {BinaryDecoder} from './codec';
import {MAXIMUM_DIMENSIONS} from './array-text';

const HEADER_BYTES = 12;
const DIMENSION_BYTES = 8;
const LENGTH_BYTES = 4;

class ArrayReader {
  readonly #buffer: Buffer;
  readonly #end: number;
  readonly #decodeElement: BinaryDecoder;
  readonly #name: string;
  #at: number;

  constructor(
    name: string,
    decodeElement: BinaryDecoder,
    buffer: Buffer,
    start: number,
    end: number,
  ) {
    this.#name = name;
    this.#decodeElement = decodeElement;
    this.#buffer = buffer;
    this.#at = start;
    this.#end = end;
  }

  readAll(): unknown[] {
    const lengths = this.#readHeader();
    const elements = lengths.length === 0 ? [] : this.#readDimension(lengths, 0);
    if (this.#at !== this.#end)
      throw malformed(this.#name, `${this.#end - this.#at} bytes are left over`);
    return elements;
  }

  #readHeader(): number[] {
    if (this.#end - this.#at < HEADER_BYTES) throw malformed(this.#name, 'its header is cut off');
    const dimensions = this.#buffer.readInt32BE(this.#at);
    // Flags and element OID say nothing the column's type does not.
    this.#at += HEADER_BYTES;
    if (dimensions < 0 || dimensions > MAXIMUM_DIMENSIONS) {
      throw malformed(
        this.#name,
        `it claims ${dimensions} dimensions; Postgres has at most ${MAXIMUM_DIMENSIONS}`,
      );
    }
    if (this.#end - this.#at < dimensions * DIMENSION_BYTES)
      throw malformed(this.#name, 'its dimensions are cut off');
    const lengths: number[] = [];
    for (let i = 0; i < dimensions; i++) {
      const length = this.#buffer.readInt32BE(this.#at + i * DIMENSION_BYTES);
      // array_send writes an empty array without dimensions, so no dimension is empty.
      if (length < 1) throw malformed(this.#name, `dimension ${i + 1} claims ${length} elements`);
      lengths.push(length);
    }
    this.#at += dimensions * DIMENSION_BYTES;
    return lengths;
  }

  #readDimension(lengths: readonly number[], dimension: number): unknown[] {
    const length = lengths[dimension] ?? 0;
    const elements: unknown[] = [];
    const innermost = dimension === lengths.length - 1;
    for (let i = 0; i < length; i++) {
      elements.push(innermost ? this.#readElement() : this.#readDimension(lengths, dimension + 1));
    }
    return elements;
  }

  #readElement(): unknown {
    const start = this.#at + LENGTH_BYTES;
    if (start > this.#end) throw malformed(this.#name, 'an element is cut off');
    const length = this.#buffer.readInt32BE(this.#at);
    this.#at = start;
    if (length === -1) return null;
    const end = start + length;
    if (length < 0 || end > this.#end)
      throw malformed(this.#name, `an element claims ${length} bytes of ${this.#end - start}`);
    this.#at = end;
    return this.#decodeElement(this.#buffer, start, end);
  }
}

/** The binary decoder of the array whose elements `decodeElement` reads. */
export function arrayDecoder(name: string, decodeElement: BinaryDecoder): BinaryDecoder {
  return (buffer, start, end) => new ArrayReader(name, decodeElement, buffer, start, end).readAll();
}
