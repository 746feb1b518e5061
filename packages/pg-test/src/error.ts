/**
 * The one error class of this package. `code` is stable and made for programs; `message` says what
 * happened and what to do next. Passwords never appear in either.
 */

export type PgTestErrorCode =
  | 'PG_TEST_BAD_OPTION'
  | 'PG_TEST_UNKNOWN_VERSION'
  | 'PG_TEST_NO_BINARIES'
  | 'PG_TEST_NO_ACCOUNT'
  | 'PG_TEST_PORT_IN_USE'
  | 'PG_TEST_START_FAILED'
  | 'PG_TEST_STOPPED'
  | 'PG_TEST_TIMEOUT'
  | 'PG_TEST_QUERY_FAILED'
  | 'PG_TEST_NAME_TAKEN'
  | 'PG_TEST_NOT_FOUND'
  | 'PG_TEST_NO_TRANSACTION';

export class PgTestError extends Error {
  override readonly name = 'PgTestError';
  readonly code: PgTestErrorCode;

  constructor(code: PgTestErrorCode, message: string, options?: {cause?: unknown}) {
    super(message, options);
    this.code = code;
  }
}

/** True for an error of Node's own calls with this code, such as `ENOENT`. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    codes.includes(error.code)
  );
}
