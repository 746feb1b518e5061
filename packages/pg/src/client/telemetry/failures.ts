/**
 * The last failures of a pool, for `stats()`: what failed, how often and when.
 *
 * Keeps no values: what Postgres says in words may quote them (`invalid input syntax for type integer: "secret"`), so of
 * its errors only the SQLSTATE and the names of what they are about are kept. This package's own messages have none.
 * Errors that are not this package's, such as the reason of an abort, are the program's affair.
 *
 * Invariants: at most MOST_KEPT entries, however much fails, none with the code and statement of another, and the one
 * that failed last comes first. It runs only where something failed.
 */
import {DatabaseError, PgError, SQLErrorCode} from '../../errors';
import {MOST_TEXT_SHOWN, shortened} from '../statements/shortened';

const MOST_KEPT = 20;

/** All failures with the same code and the same statement are one of these, for as long as it is kept. */
export interface FailureStats {
  /** The SQLSTATE where Postgres reported it, else `PG_*`. */
  readonly code: string;
  /** The name of the SQLSTATE as in `SQLErrorCode`, or what this package says. Never Postgres' message: it may quote values. */
  readonly message: string;
  /** The statement, with placeholders. Undefined: it is about the connection. */
  readonly text: string | undefined;
  readonly count: number;
  /** Since the last of them. */
  readonly ageMilliseconds: number;
}

interface Kept {
  readonly code: string;
  readonly text: string | undefined;
  readonly message: string;
  readonly at: number;
  readonly count: number;
}

export class Failures {
  readonly #now: () => number;
  /** The latest first. */
  readonly #kept: Kept[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @param text The statement that failed. */
  record(error: unknown, text?: string): void {
    if (!(error instanceof PgError)) return;
    const {code} = error;
    const message = shortened(messageOf(error), MOST_TEXT_SHOWN);
    const shown = text === undefined ? undefined : shortened(text, MOST_TEXT_SHOWN);
    const at = this.#now();
    const known = this.#kept.findIndex((kept) => kept.code === code && kept.text === shown);
    // What is new takes the place of what has not failed for the longest time.
    const [before] = this.#kept.splice(known < 0 ? MOST_KEPT - 1 : known, 1);
    const count = known < 0 ? 1 : (before?.count ?? 0) + 1;
    this.#kept.unshift({code, text: shown, message, at, count});
  }

  /** The latest first. */
  stats(): FailureStats[] {
    const now = this.#now();
    return this.#kept.map(({at, ...failure}) => ({...failure, ageMilliseconds: now - at}));
  }
}

let names: ReadonlyMap<string, string> | undefined;

function messageOf(error: PgError): string {
  if (!(error instanceof DatabaseError)) return error.message;
  names ??= new Map(Object.entries(SQLErrorCode).map(([name, code]) => [code, name]));
  const {schema, table, column, constraint, dataType} = error;
  const about = Object.entries({schema, table, column, constraint, 'data type': dataType})
    .filter(([, name]) => name !== undefined)
    .map(([kind, name]) => `${kind} ${name}`);
  return [names.get(error.code) ?? 'an SQLSTATE of the program', ...about].join(', ');
}
