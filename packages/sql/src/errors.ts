/*
 * The errors of this package: plain Error and TypeError with a stable `code`.
 *
 * The package has no dependencies, so it cannot use the classes of @databases/pg. All of these are
 * thrown before anything could have been sent. No message holds a parameter value.
 */

/** Why this package refused something; the `code` of the errors it throws. */
export type SQLBuildErrorCode =
  | 'SQL_NOT_A_TEMPLATE'
  | 'SQL_VALUE_IN_QUOTES'
  | 'SQL_VALUE_NOT_SEPARATE'
  | 'SQL_IDENTIFIER_IN_QUOTES'
  | 'SQL_INVALID_IDENTIFIER'
  | 'SQL_INVALID_JOIN'
  | 'SQL_INVALID_ARGUMENT'
  | 'SQL_INVALID_FORMATTER'
  | 'SQL_NO_FILE_SYSTEM';

/** An error the caller can tell by its `code`: something is wrong with the query's text. */
export function buildError(code: SQLBuildErrorCode, message: string): Error {
  return Object.assign(new Error(message), {code});
}

/** The same for an argument of the wrong type. */
export function argumentError(code: SQLBuildErrorCode, message: string): TypeError {
  return Object.assign(new TypeError(message), {code});
}

/** Names the type of a value in a message without showing the value. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  switch (typeof value) {
    case 'undefined':
      return 'undefined';
    case 'object':
      return 'an object';
    default:
      return `a ${typeof value}`;
  }
}
