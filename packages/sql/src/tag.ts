/*
 * The `sql` tag and its members: the only ways to make a query.
 *
 * What is put into a template is a parameter unless it is a query itself (or a registered class makes
 * one of it). Text comes in only from templates and from what has `dangerous` in its name.
 */
import {argumentError, typeName} from './errors';
import {FormatterRegistry} from './formatter';
import {checkIdentifier} from './identifier';
import {join, type LiteralSeparator} from './join';
import {misplacedError} from './misplaced';
import {isSqlQuery, type Part, SQLQuery, templateParts} from './sql-query';
import {type SQLItem, SQLItemType} from './sql-item';
import {templateOf} from './template';

/** The tag, and what hangs on it. */
export interface SQL {
  /**
   * Makes a query of a template: queries put into it become part of it, everything else a parameter.
   * A bigint becomes its decimal string.
   *
   * @throws {TypeError} `SQL_NOT_A_TEMPLATE` when called as a function: text from elsewhere is refused.
   * @throws {Error} `SQL_VALUE_IN_QUOTES` or `SQL_VALUE_NOT_SEPARATE` when Postgres would not see a
   *   parameter in a value's place (as in `'${x}%'`). If queries were put in: thrown by `format`.
   */
  (strings: TemplateStringsArray, ...values: readonly unknown[]): SQLQuery;

  /**
   * Puts queries one after the other, with the separator between them: a query, or one of
   * `''` (the default), `','`, `', '`, `' AND '`, `' OR '`, `') AND ('`, `') OR ('`, `';'`.
   *
   * @throws {TypeError} `SQL_INVALID_JOIN` for other separators, and for an element that is no query.
   */
  readonly join: (
    queries: readonly SQLQuery[],
    separator?: LiteralSeparator | SQLQuery,
  ) => SQLQuery;

  /**
   * A quoted name; several are joined with dots: `sql.ident('public', 'users')`. A name that is no
   * string (an object, a symbol) stands for a generated one, the same throughout a query. Without
   * names: the empty query.
   *
   * @throws {Error} `SQL_INVALID_IDENTIFIER` for names the server cannot keep: empty, over 63 bytes,
   *   with NUL or half of a surrogate pair.
   */
  readonly ident: (...names: readonly unknown[]) => SQLQuery;

  /** A query that is this value, treated as if put into a template. */
  readonly value: (value: unknown) => SQLQuery;

  /** Sets how objects of a class (and its subclasses) become SQL when put into a template. */
  readonly registerFormatter: <T>(
    constructor: abstract new (...args: never[]) => T,
    format: (value: T) => SQLQuery,
  ) => void;

  /** A query of this very text. Whoever chooses the text has your database. */
  readonly __dangerous__rawValue: (text: string) => SQLQuery;

  /** A query of these items. Whoever chooses the RAW ones has your database. */
  readonly __dangerous__constructFromParts: (items: readonly SQLItem[]) => SQLQuery;

  /** Whether a value is a query made with `sql`. */
  readonly isSqlQuery: (value: unknown) => value is SQLQuery;
}

const formatters = new FormatterRegistry(isSqlQuery);

/** The hot path: of a flat query nothing but its values is looked at. The array becomes the query's. */
export function fromTemplate(strings: TemplateStringsArray, values: unknown[]): SQLQuery {
  const template = templateOf(strings);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value === 'object' && value !== null) {
      if (isSqlQuery(value) || formatters.has(value)) {
        return SQLQuery.of(templateParts(strings, values, partOf));
      }
    } else if (typeof value === 'bigint') {
      values[i] = value.toString();
    }
  }
  if (template.misplaced !== undefined) throw misplacedError('value', template.misplaced);
  return SQLQuery.flat(strings, values);
}

function partOf(value: unknown): Part {
  if (typeof value === 'bigint') return {type: SQLItemType.VALUE, value: value.toString()};
  if (isSqlQuery(value)) return value;
  const formatted =
    typeof value === 'object' && value !== null ? formatters.format(value) : undefined;
  return formatted ?? {type: SQLItemType.VALUE, value};
}

function valueQuery(value: unknown): SQLQuery {
  const part = partOf(value);
  return isSqlQuery(part) ? part : SQLQuery.of([part]);
}

function ident(...names: readonly unknown[]): SQLQuery {
  for (const name of names) if (typeof name === 'string') checkIdentifier(name);
  return SQLQuery.of(
    names.length === 0 ? [] : [{type: SQLItemType.IDENTIFIER, names: Object.freeze(names)}],
  );
}

/** See `SQL.__dangerous__rawValue`. */
export function rawValue(text: unknown): SQLQuery {
  if (typeof text !== 'string') {
    throw argumentError(
      'SQL_INVALID_ARGUMENT',
      `sql.__dangerous__rawValue(text) takes a string, but was given ${typeName(text)}.`,
    );
  }
  return SQLQuery.of(text === '' ? [] : [{type: SQLItemType.RAW, text}]);
}

function constructFromParts(items: readonly SQLItem[]): SQLQuery {
  if (!Array.isArray(items)) {
    throw argumentError(
      'SQL_INVALID_ARGUMENT',
      `sql.__dangerous__constructFromParts(items) takes an array, but was given ${typeName(items)}.`,
    );
  }
  return SQLQuery.of(items.flatMap((item, index) => ownItems(item, index)));
}

/** A copy of an item from outside, or nothing for one that is empty. */
function ownItems(item: SQLItem, index: number): Part[] {
  switch (item.type) {
    case SQLItemType.RAW:
      return [rawValue(item.text)];
    case SQLItemType.VALUE:
      return [{type: SQLItemType.VALUE, value: item.value}];
    case SQLItemType.IDENTIFIER:
      return [ident(...item.names)];
    default:
      throw argumentError(
        'SQL_INVALID_ARGUMENT',
        `Item ${index} given to sql.__dangerous__constructFromParts is no RAW, VALUE or IDENTIFIER item.`,
      );
  }
}

/** What hangs on the tag function of each entry: `SQL` without its call signature. */
export const members: Omit<SQL, never> = {
  join,
  ident,
  value: valueQuery,
  registerFormatter: (constructor: unknown, format: unknown) => {
    formatters.register(constructor, format);
  },
  __dangerous__rawValue: rawValue,
  __dangerous__constructFromParts: constructFromParts,
  isSqlQuery,
};
