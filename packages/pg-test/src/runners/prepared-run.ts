/**
 * What the process that started a test run tells those that run its test files: where the server is, and which
 * database to copy. It travels as JSON in one environment variable, because that is what every runner hands on to
 * its workers, whether they are processes or threads. It starts nothing and connects to nothing.
 */
import {PgTestError} from '../error';
import type {DatabasePlace} from '../server-place';

const VARIABLE = 'PG_TEST_RUN';

export interface PreparedRun {
  readonly place: DatabasePlace;
  /** Name of the database that the migrations filled. */
  readonly template: string;
  /** The variable that programs read their connection string from. */
  readonly environmentVariable: string;
}

export function writePreparedRun(run: PreparedRun): void {
  process.env[VARIABLE] = JSON.stringify(run);
}

export function forgetPreparedRun(): void {
  delete process.env[VARIABLE];
}

/** Undefined where no set-up ran, and where it used a database that was there already. */
export function readPreparedRun(): PreparedRun | undefined {
  const text = process.env[VARIABLE];
  if (!text) return undefined;
  const value: unknown = JSON.parse(text);
  if (isPreparedRun(value)) return value;
  throw new PgTestError(
    'PG_TEST_BAD_OPTION',
    `The environment variable ${VARIABLE} is not what a set-up of this version writes; unset it, it is not made to be set by hand.`,
  );
}

function isPreparedRun(value: unknown): value is PreparedRun {
  if (typeof value !== 'object' || value === null) return false;
  if (!('place' in value) || !('template' in value) || !('environmentVariable' in value)) {
    return false;
  }
  const {place} = value;
  return typeof place === 'object' && place !== null && 'address' in place;
}
