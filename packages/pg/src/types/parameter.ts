/**
 * A JavaScript value as a parameter of Bind: text for nearly everything, binary for bytes.
 *
 * Everything that cannot arrive as the program means it is an error here, before a byte is written: undefined,
 * functions, symbols, dates without a time, text that is not Unicode or has a NUL, documents JSON cannot hold.
 * Does not know what type the server expects, except where one is passed in, for arrays (needsParameterType).
 */
import {types} from 'node:util';
import {ValueError} from '../errors';
import {formatArray} from './array-literal';
import {formatDate} from './date-literal';
import {PostgresInterval} from './interval';
import {JSON_ARRAY_OIDS, JSON_OIDS} from './json-codec';
import {isPlainObject, stringifyJson, whyNotDocument} from './json-document';
import {ParameterPlace} from './parameter-place';
import {
  MAXIMUM_VALUE_BYTES,
  isSendableText,
  isText,
  tooLarge,
  whyNotSendable,
} from './parameter-text';

/** A string goes in text format, bytes go in binary format, null is NULL. */
export type EncodedParameter = string | Uint8Array | null;

/** box[] is the only array of Postgres whose delimiter is not a comma, because a box has commas in it. */
const BOX_ARRAY_OID = 1020;

/** An object that says itself how it is sent. `prepareValue` encodes a part of it by the rules of this module. */
interface Convertible {
  toPostgres(prepareValue: (inner: unknown) => EncodedParameter): unknown;
}

/** How often in a row the result of a toPostgres may have a toPostgres itself. */
const MAXIMUM_CONVERSIONS = 16;

/**
 * Encodes one parameter.
 * @param typeOid The type the server expects, 0 if not known. It matters for arrays only: a Postgres array; for
 *   json and jsonb one JSON document; for json[] and jsonb[] one document per element.
 * @param position 1-based, for messages.
 * @throws {ValueError} PG_PARAMETER_INVALID; names the position and what to do, never the value.
 */
export function encodeParameter(
  value: unknown,
  typeOid: number,
  position: number,
): EncodedParameter {
  if (value === null) return null;
  if (typeof value === 'string' && isSendableText(value)) return value;
  if (typeof value === 'number') return formatNumber(value);
  return encodeParameterAt(value, typeOid, new ParameterPlace(position));
}

/** As `encodeParameter`, for a value that stands somewhere else. */
export function encodeParameterAt(
  value: unknown,
  typeOid: number,
  place: ParameterPlace,
): EncodedParameter {
  return new ParameterEncoder(place).encode(value, typeOid, 0);
}

/**
 * Whether `encodeParameter` needs to know the type the server expects: true for arrays, and for objects whose
 * toPostgres may give one.
 */
export function needsParameterType(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return true;
  try {
    return 'toPostgres' in value && !(value instanceof PostgresInterval);
  } catch {
    // encodeParameter meets the same error and says where.
    return false;
  }
}

function formatNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

class ParameterEncoder {
  readonly #place: ParameterPlace;

  constructor(place: ParameterPlace) {
    this.#place = place;
  }

  /** @param conversions How many toPostgres led here. */
  encode(value: unknown, typeOid: number, conversions: number): EncodedParameter {
    if (value === undefined) {
      throw this.#place.invalid('is undefined; use null for NULL, or leave it out of the query');
    }
    switch (typeof value) {
      case 'string':
        return this.#text(value);
      case 'number':
        return formatNumber(value);
      case 'boolean':
      case 'bigint':
        return String(value);
      case 'function':
        throw this.#place.invalid('is a function; call it and pass what it returns');
      case 'symbol':
        throw this.#place.invalid('is a symbol; pass its description or another string');
      default:
        return value === null ? null : this.#object(value, typeOid, conversions);
    }
  }

  #text(text: string): string {
    const why = whyNotSendable(text);
    if (why !== undefined) throw this.#place.invalid(why);
    return text;
  }

  // Not instanceof: vm contexts, such as those of Jest, give the program other classes than ours.
  #object(value: object, typeOid: number, conversions: number): EncodedParameter {
    if (Array.isArray(value)) return this.#array(value, typeOid);
    if (!isPlainObject(value)) {
      if (types.isDate(value)) return this.#date(value);
      if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return this.#bytes(value);
    }
    if (this.#isConvertible(value)) {
      return this.encode(this.#convert(value, conversions), typeOid, conversions + 1);
    }
    return this.#document(value);
  }

  #date(date: Date): string {
    if (Number.isNaN(date.getTime())) {
      throw this.#place.invalid('is an invalid Date; check the text it was made from');
    }
    return formatDate(date);
  }

  #bytes(value: ArrayBufferView | ArrayBufferLike): Uint8Array {
    if (value.byteLength > MAXIMUM_VALUE_BYTES)
      throw this.#place.invalid(tooLarge(value.byteLength));
    if (types.isUint8Array(value)) return value;
    return ArrayBuffer.isView(value)
      ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
      : new Uint8Array(value);
  }

  #array(values: readonly unknown[], typeOid: number): string {
    if (JSON_OIDS.has(typeOid)) return this.#document(values);
    const literal = JSON_ARRAY_OIDS.has(typeOid)
      ? this.#documents(values)
      : formatArray(
          values,
          this.#place,
          (element) => this.encode(element, 0, 0),
          typeOid === BOX_ARRAY_OID ? ';' : ',',
        );
    if (!isText(literal)) this.#refuseText(values, 0);
    return isSendableText(literal) ? literal : this.#text(literal);
  }

  /** Throws at the first string that cannot be sent, with its place. */
  #refuseText(values: readonly unknown[], depth: number): void {
    for (const [i, value] of values.entries()) {
      this.#place.enter(depth, i);
      if (Array.isArray(value)) this.#refuseText(value, depth + 1);
      else if (typeof value === 'string' && !isText(value)) this.#text(value);
    }
    this.#place.leave();
  }

  // Every element is one document, so an array in it is JSON and not a further dimension. A string is taken for
  // JSON text, as it is for a json parameter.
  #documents(values: readonly unknown[]): string {
    const documents = Array.from(values, (value, i) => {
      this.#place.enter(0, i);
      const isObject = typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);
      if (isObject && !this.#isConvertible(value)) return this.#document(value);
      return this.encode(value, 0, 0);
    });
    return formatArray(documents, this.#place, (document) =>
      document === null ? null : this.encode(document, 0, 0),
    );
  }

  #document(value: object): string {
    const why = whyNotDocument(value);
    if (why !== undefined) throw this.#place.invalid(why);
    let text: string | undefined;
    try {
      text = stringifyJson(value);
    } catch (error) {
      throw this.#place.invalid(
        'cannot be written as JSON: it is cyclic, holds a bigint, or a getter or toJSON of it throws (see cause)',
        error,
      );
    }
    if (text === undefined) {
      throw this.#place.invalid('has a toJSON that returns undefined; return null or a value');
    }
    return isSendableText(text) ? text : this.#text(text);
  }

  #isConvertible(value: object): value is Convertible {
    try {
      return 'toPostgres' in value && typeof value.toPostgres === 'function';
    } catch (error) {
      throw this.#place.invalid(
        'cannot be read: its toPostgres property throws (see cause)',
        error,
      );
    }
  }

  #convert(value: Convertible, conversions: number): unknown {
    if (conversions >= MAXIMUM_CONVERSIONS) {
      throw this.#place.invalid(
        `has a toPostgres that gave another one ${MAXIMUM_CONVERSIONS} times in a row; return a plain value`,
      );
    }
    try {
      return value.toPostgres((inner) => this.encode(inner, 0, conversions + 1));
    } catch (error) {
      if (error instanceof ValueError) throw error;
      throw this.#place.invalid('has a toPostgres that throws (see cause)', error);
    }
  }
}
