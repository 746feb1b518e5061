/** Which objects JSON can stand for, and their text. */
import {types} from 'node:util';

/** Whether it was written as `{...}`: what has internal slots, such as a Map, has another prototype. */
export function isPlainObject(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype;
}

/** What is wrong with sending this object as JSON, as the end of a sentence; undefined if nothing is. */
export function whyNotDocument(value: object): string | undefined {
  // Nearly all are, which saves them the calls into C++ that the questions below are.
  if (isPlainObject(value)) return undefined;
  if (types.isPromise(value)) return 'is a Promise; await it first';
  // JSON.stringify gives {} for these, which loses everything without a word.
  if (types.isMap(value))
    return 'is a Map, which JSON has no form for; pass Object.fromEntries(map) or [...map]';
  if (types.isSet(value))
    return 'is a Set, which neither JSON nor Postgres has a form for; pass [...set]';
  if (types.isWeakMap(value) || types.isWeakSet(value)) {
    return 'is a weak collection, whose contents cannot be listed; pass the values';
  }
  return undefined;
}

/** The text of the document; undefined if a toJSON of it says so. Throws what JSON.stringify throws. */
export function stringifyJson(value: object): string | undefined {
  // The declared type of JSON.stringify leaves undefined out.
  const text: unknown = JSON.stringify(value);
  return typeof text === 'string' ? text : undefined;
}
