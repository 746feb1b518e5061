/**
 * Says of two configurations whether a pool made of one is as good as a pool made of the other.
 *
 * Of a function it is only said that there is one: modules that are loaded anew have new functions of the same text, and
 * bundlers give the same text other names. The answer has the secrets in it, so it is only to be compared with.
 */

/** Deeper than any configuration; also what ends an object that has itself in it. */
const DEEPEST = 8;

/** The same for values of the same contents, whatever the order of their fields. Fields that are hidden count. */
export function fingerprint(value: unknown): string {
  return JSON.stringify(describe(value, 0));
}

function describe(value: unknown, depth: number): unknown {
  if (typeof value === 'function') return ['function'];
  if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'undefined')
    return [typeof value, String(value)];
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return [typeof value, value];
  if (value instanceof Uint8Array) return ['bytes', Buffer.from(value).toString('base64')];
  if (depth === DEEPEST) return ['deep'];
  if (value instanceof Map) return ['map', describe([...value], depth + 1)];
  if (value instanceof Set) return ['set', describe([...value], depth + 1)];
  if (Array.isArray(value)) return ['list', ...value.map((item) => describe(item, depth + 1))];
  const names = Object.getOwnPropertyNames(value).sort();
  return ['object', ...names.map((name) => [name, describe(Reflect.get(value, name), depth + 1)])];
}
