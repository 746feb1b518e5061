/**
 * Writes an array as the text array_in reads (docs: "Array Input and Output Syntax").
 *
 * Invariants: the result is rectangular and at most MAXDIM deep, as Postgres requires, so a ragged or cyclic
 * array is an error here; every element that is not a number, a boolean or NULL is quoted, so no element can
 * be taken for syntax.
 */
import {MAXIMUM_DIMENSIONS} from './array-text';
import type {ParameterPlace} from './parameter-place';

type EncodedElement = string | Uint8Array | null;

/**
 * Does not look into strings: whoever sends the literal looks at it as a whole, which costs far less.
 * @param encodeElement Encodes one element that is neither an array nor a string.
 * @param delimiter The typdelim of the element type: `;` for box, `,` for the rest.
 */
export function formatArray(
  values: readonly unknown[],
  place: ParameterPlace,
  encodeElement: (element: unknown) => EncodedElement,
  delimiter = ',',
): string {
  const writer = new ArrayWriter(place, encodeElement, delimiter);
  const literal = writer.write(values, 0);
  place.leave();
  // Servers before 17 refuse {{},{}}, which is the same value.
  return writer.isEmpty() ? '{}' : literal;
}

class ArrayWriter {
  readonly #place: ParameterPlace;
  readonly #encodeElement: (element: unknown) => EncodedElement;
  readonly #delimiter: string;
  /** The length of each dimension seen so far. */
  readonly #lengths: number[] = [];
  /** The dimension in which elements stand, once one was seen. */
  #innermost: number | undefined;

  constructor(
    place: ParameterPlace,
    encodeElement: (element: unknown) => EncodedElement,
    delimiter: string,
  ) {
    this.#place = place;
    this.#encodeElement = encodeElement;
    this.#delimiter = delimiter;
  }

  isEmpty(): boolean {
    return this.#lengths.includes(0);
  }

  write(values: readonly unknown[], depth: number): string {
    if (depth >= MAXIMUM_DIMENSIONS) {
      throw this.#place.invalid(
        `is nested deeper than the ${MAXIMUM_DIMENSIONS} dimensions of a Postgres array; use json`,
      );
    }
    const length = (this.#lengths[depth] ??= values.length);
    if (values.length !== length) throw this.#ragged();
    let literal = '{';
    for (let i = 0; i < length; i++) {
      this.#place.enter(depth, i);
      const value = values[i];
      if (i > 0) literal += this.#delimiter;
      literal += Array.isArray(value) ? this.#nested(value, depth) : this.#element(value, depth);
    }
    return `${literal}}`;
  }

  #nested(values: readonly unknown[], depth: number): string {
    if (this.#innermost === depth) throw this.#ragged();
    return this.write(values, depth + 1);
  }

  #element(value: unknown, depth: number): string {
    this.#innermost ??= depth;
    if (this.#innermost !== depth || this.#lengths.length > depth + 1) throw this.#ragged();
    if (typeof value === 'string') return quote(value);
    const encoded = this.#encodeElement(value);
    if (encoded === null) return 'NULL';
    if (typeof encoded !== 'string') return `"\\\\x${toHex(encoded)}"`;
    const bare =
      typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint';
    return bare ? encoded : quote(encoded);
  }

  #ragged(): Error {
    return this.#place.invalid(
      'makes the array ragged: in a Postgres array all sub-arrays of one dimension have the same length; pad with null, or use json',
    );
  }
}

// Looking for both characters first, and for each by itself, takes a third of the time of one pattern for both.
function quote(text: string): string {
  let quoted = text;
  if (quoted.includes('\\')) quoted = quoted.replaceAll('\\', '\\\\');
  if (quoted.includes('"')) quoted = quoted.replaceAll('"', '\\"');
  return `"${quoted}"`;
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
