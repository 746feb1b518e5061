/**
 * Keeps secrets out of everything that prints an object.
 *
 * A hidden field reads like any other (`config.password`) but is a non-enumerable getter, so JSON, spreading,
 * `console.log` and even `inspect(x, {showHidden: true})` show no value. It is not encryption.
 */

/** Adds `secrets` to `target` as hidden fields: afterwards it has both types. Does not freeze. */
export function hideSecrets<T extends object, S extends object>(
  target: T,
  secrets: S,
): asserts target is T & S {
  for (const name of Object.keys(secrets)) {
    const value: unknown = Reflect.get(secrets, name);
    Object.defineProperty(target, name, {
      get: () => value,
      enumerable: false,
      configurable: false,
    });
  }
}
