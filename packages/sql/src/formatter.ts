/*
 * The formatters a program registered: how objects of its classes become SQL.
 *
 * One registry per copy of this package. Found by prototype, so subclasses inherit.
 */
import {argumentError, typeName} from './errors';

export class FormatterRegistry<Query> {
  readonly #formatters = new Map<object, (value: unknown) => Query>();
  readonly #isQuery: (value: unknown) => value is Query;

  constructor(isQuery: (value: unknown) => value is Query) {
    this.#isQuery = isQuery;
  }

  /** Sets the formatter of a class, and of its subclasses without one of their own. */
  register(constructor: unknown, format: unknown): void {
    const prototype: unknown =
      typeof constructor === 'function' ? constructor.prototype : undefined;
    if (typeof prototype !== 'object' || prototype === null || typeof format !== 'function') {
      throw argumentError(
        'SQL_INVALID_FORMATTER',
        'sql.registerFormatter(Class, format) takes a class and a function, ' +
          `but was given ${typeName(constructor)} and ${typeName(format)}.`,
      );
    }
    this.#formatters.set(prototype, (value) => this.#checked(format(value)));
  }

  has(value: object): boolean {
    return this.#formatters.size > 0 && this.#find(value) !== undefined;
  }

  /** What the object's formatter makes of it, or `undefined` if it has none. */
  format(value: object): Query | undefined {
    return this.#formatters.size > 0 ? this.#find(value)?.(value) : undefined;
  }

  #find(value: object): ((value: unknown) => Query) | undefined {
    let prototype: unknown = Object.getPrototypeOf(value);
    while (typeof prototype === 'object' && prototype !== null) {
      const format = this.#formatters.get(prototype);
      if (format !== undefined) return format;
      prototype = Object.getPrototypeOf(prototype);
    }
    return undefined;
  }

  #checked(result: unknown): Query {
    if (this.#isQuery(result)) return result;
    throw argumentError(
      'SQL_INVALID_FORMATTER',
      `A formatter must return a query made with sql, but this one returned ${typeName(result)}.`,
    );
  }
}
