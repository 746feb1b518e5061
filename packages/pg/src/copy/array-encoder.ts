/**
 * Arrays in the binary form that array_recv reads (utils/adt/arrayfuncs.c), all lower bounds 1.
 *
 * As array literals of parameters are: rectangular, at most six dimensions, and `[]` in any dimension is the empty
 * array. Where elements are documents of JSON, an array in the array is a document and no dimension.
 */
import type {ByteWriter} from '../protocol';
import {MAXIMUM_DIMENSIONS} from '../types';
import type {CopyPlace} from './copy-place';
import {OR_TEXT} from './value-encoder';
import type {ValueEncoder} from './value-encoder';

export function arrayEncoder(
  elementOid: number,
  encodeElement: ValueEncoder,
  holdsDocuments: boolean,
): ValueEncoder {
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
    writeDimension(out, value, 0, lengths, encodeElement, place, holdsDocuments);
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
  encodeElement: ValueEncoder,
  place: CopyPlace,
  holdsDocuments: boolean,
): void {
  if (values.length !== lengths[depth]) throw ragged(place);
  const innermost = depth === lengths.length - 1;
  for (let i = 0; i < values.length; i++) {
    place.enter(depth, i);
    const element: unknown = values[i];
    if (!innermost) {
      if (!Array.isArray(element)) throw ragged(place);
      writeDimension(out, element, depth + 1, lengths, encodeElement, place, holdsDocuments);
    } else if (element === null) out.int32(-1);
    else if (Array.isArray(element) && !holdsDocuments) throw ragged(place, depth);
    else encodeElement(out, element, place);
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
