/**
 * Arrays in the binary form that array_recv reads (utils/adt/arrayfuncs.c), all lower bounds 1.
 *
 * As array literals of parameters are: rectangular, at most six dimensions, and `[]` in any dimension is the empty
 * array. Where elements are documents of JSON, an array in the array is a document and no dimension.
 */
import type {ByteWriter} from '../protocol';
import {MAXIMUM_DIMENSIONS} from '../types';
import type {CopyPlace} from './copy-place';
import {NOT_TAKEN} from './direct-encoder';
import type {DirectEncoder} from './direct-encoder';
import {directEncoderOf} from './direct-encoders';
import {DirectMemory} from './direct-memory';
import {OR_TEXT} from './value-encoder';
import type {ValueEncoder} from './value-encoder';

const LENGTH_BYTES = 4;
/** For so many at a time, memory is asked for. */
const ELEMENTS_PER_GROUP = 32;

export function arrayEncoder(
  elementOid: number,
  encodeElement: ValueEncoder,
  holdsDocuments: boolean,
): ValueEncoder {
  const elements = new ElementsWriter(encodeElement, holdsDocuments);
  const mostDimensions = holdsDocuments ? 1 : MAXIMUM_DIMENSIONS;
  return (out, value, place) => {
    if (!Array.isArray(value)) throw place.invalid(`is not an array; pass one, ${OR_TEXT}`);
    const lengths = lengthsOf(value, mostDimensions);
    const start = out.mark();
    out.int32(0);
    out.int32(lengths.includes(0) ? 0 : lengths.length);
    // The flag for NULLs: array_recv looks at the elements instead.
    out.int32(0);
    out.uint32(elementOid);
    if (!lengths.includes(0)) {
      for (const length of lengths) {
        out.int32(length);
        out.int32(1);
      }
    }
    writeDimension(out, value, 0, lengths, elements, place);
    place.leave();
    out.fillLength(start);
  };
}

/** By the first elements; that the others agree is seen when they are written. */
function lengthsOf(value: readonly unknown[], mostDimensions: number): number[] {
  const lengths: number[] = [];
  for (
    let level: unknown = value;
    Array.isArray(level) && lengths.length < mostDimensions;
    level = level[0]
  ) {
    lengths.push(level.length);
  }
  return lengths;
}

function writeDimension(
  out: ByteWriter,
  values: readonly unknown[],
  depth: number,
  lengths: readonly number[],
  elements: ElementsWriter,
  place: CopyPlace,
): void {
  if (values.length !== lengths[depth]) throw ragged(place);
  if (depth === lengths.length - 1) {
    elements.write(out, values, depth, place);
    return;
  }
  for (let i = 0; i < values.length; i++) {
    place.enter(depth, i);
    const element: unknown = values[i];
    if (!Array.isArray(element)) throw ragged(place);
    writeDimension(out, element, depth + 1, lengths, elements, place);
  }
}

/** The innermost dimension: the short way of the elements where it takes them, else the exact one. */
class ElementsWriter {
  readonly #encode: ValueEncoder;
  readonly #holdsDocuments: boolean;
  readonly #direct: DirectEncoder;
  readonly #memory = new DirectMemory();

  constructor(encode: ValueEncoder, holdsDocuments: boolean) {
    this.#encode = encode;
    this.#holdsDocuments = holdsDocuments;
    this.#direct = directEncoderOf(encode);
  }

  write(out: ByteWriter, values: readonly unknown[], depth: number, place: CopyPlace): void {
    for (let first = 0; first < values.length; first += ELEMENTS_PER_GROUP) {
      this.#group(out, values, first, depth, place);
    }
  }

  #group(
    out: ByteWriter,
    values: readonly unknown[],
    first: number,
    depth: number,
    place: CopyPlace,
  ): void {
    const memory = this.#memory;
    const {write, mostBytes} = this.#direct;
    const end = Math.min(first + ELEMENTS_PER_GROUP, values.length);
    const groupBytes = (end - first) * (LENGTH_BYTES + mostBytes);
    let at = memory.open(out, groupBytes);
    for (let i = first; i < end; i++) {
      const element = values[i];
      if (element === null) {
        memory.view.setInt32(at, -1);
        at += LENGTH_BYTES;
        continue;
      }
      const next = write(memory.view, at, element);
      if (next !== NOT_TAKEN) {
        at = next;
        continue;
      }
      memory.close(out, at);
      place.enter(depth, i);
      if (Array.isArray(element) && !this.#holdsDocuments) throw ragged(place, depth);
      this.#encode(out, element, place);
      at = memory.open(out, groupBytes);
    }
    memory.close(out, at);
  }
}

function ragged(place: CopyPlace, depth = 0): Error {
  if (depth === MAXIMUM_DIMENSIONS - 1) {
    return place.invalid(
      `is nested deeper than the ${MAXIMUM_DIMENSIONS} dimensions of a Postgres array; use json`,
    );
  }
  return place.invalid(
    'makes the array ragged: in a Postgres array all sub-arrays of one dimension have the same length; pad with null, or use json',
  );
}
