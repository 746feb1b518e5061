/**
 * Copies and compares values that are nothing but their contents: texts, numbers, lists, object literals, bytes.
 *
 * Functions are themselves: there is nothing to copy. Of every other object nothing is assumed.
 */

/** Deeper than any option of this package; also what ends an object that has itself in it. */
const DEEPEST = 4;

const NOT_PLAIN = Symbol('not plain');

/** In an object, since `undefined` can be copied as well. Undefined where the value is not plain. */
export function copyPlain<T>(value: T): {readonly value: T} | undefined;
export function copyPlain(value: unknown): {readonly value: unknown} | undefined {
  const copied = copy(value, 0);
  return copied === NOT_PLAIN ? undefined : {value: copied};
}

function copy(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Buffer.isBuffer(value)) return Buffer.from(value);
  if (depth === DEEPEST) return NOT_PLAIN;
  if (Array.isArray(value)) {
    const items = value.map((item) => copy(item, depth + 1));
    return items.includes(NOT_PLAIN) ? NOT_PLAIN : items;
  }
  if (!isLiteral(value)) return NOT_PLAIN;
  const fields: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const field = copy(Reflect.get(value, name), depth + 1);
    // A field of this name would become the prototype of the copy.
    if (field === NOT_PLAIN || name === '__proto__') return NOT_PLAIN;
    fields[name] = field;
  }
  return fields;
}

/** Whether `value` is to `copied`, a copy that copyPlain made, as what it was made of. */
export function samePlain(value: unknown, copied: unknown): boolean {
  if (Object.is(value, copied)) return true;
  if (typeof value !== 'object' || value === null) return false;
  if (typeof copied !== 'object' || copied === null) return false;
  if (Buffer.isBuffer(copied)) return Buffer.isBuffer(value) && copied.equals(value);
  if (Array.isArray(copied)) {
    return (
      Array.isArray(value) &&
      value.length === copied.length &&
      copied.every((item, index) => samePlain(value[index], item))
    );
  }
  if (!isLiteral(value)) return false;
  const names = Object.keys(copied);
  if (Object.keys(value).length !== names.length) return false;
  return names.every(
    (name) =>
      Object.hasOwn(value, name) && samePlain(Reflect.get(value, name), Reflect.get(copied, name)),
  );
}

function isLiteral(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && !Array.isArray(value);
}
