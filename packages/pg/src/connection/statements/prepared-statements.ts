/**
 * The statements that one session has prepared on the server, least recently used out first.
 *
 * It decides between named and unnamed and remembers what is to be closed; it writes nothing itself.
 */
import type {ResultShape} from './result-shape';
import type {Statement} from './statement';

export class PreparedStatement {
  readonly statement: Statement;
  /** Empty for the unnamed statement, which the next Parse replaces. */
  readonly name: string;
  /** False from the Parse on the way until the server's description came. */
  described = false;
  /** Undefined for a statement that returns no rows. */
  shape: ResultShape | undefined;
  lastUse = 0;

  constructor(statement: Statement, name: string) {
    this.statement = statement;
    this.name = name;
  }
}

export class PreparedStatements {
  readonly #limit: number;
  readonly #fromUse: number;
  readonly #byStatement = new Map<Statement, PreparedStatement>();
  #toClose: string[] = [];
  #uses = 0;
  #renamed = 0;

  /**
   * @param limit How many named statements the session keeps. 0 = every statement is sent unnamed.
   * @param fromUse The use of a statement from which on it is named: 1 is the first.
   */
  constructor(limit: number, fromUse = 2) {
    this.#limit = limit;
    this.#fromUse = fromUse;
  }

  get size(): number {
    return this.#byStatement.size;
  }

  find(statement: Statement): PreparedStatement | undefined {
    const prepared = this.#byStatement.get(statement);
    if (prepared !== undefined) prepared.lastUse = ++this.#uses;
    return prepared;
  }

  /** A new statement of the session, which the caller is about to Parse. */
  add(statement: Statement): PreparedStatement {
    const isNamed = this.#limit > 0 && statement.uses + 1 >= this.#fromUse;
    if (!isNamed) return new PreparedStatement(statement, '');
    const prepared = new PreparedStatement(statement, this.#freeName(statement.name));
    if (this.#byStatement.size >= this.#limit) this.#evict();
    prepared.lastUse = ++this.#uses;
    this.#byStatement.set(statement, prepared);
    return prepared;
  }

  /** Forgets a statement that the server does not have: its Parse failed or was skipped. */
  forget(prepared: PreparedStatement): boolean {
    if (this.#byStatement.get(prepared.statement) !== prepared) return false;
    return this.#byStatement.delete(prepared.statement);
  }

  /**
   * Forgets a statement that is of no more use and has the server do so with the next exchange. When
   * several exchanges find that out, it is closed once: by then the name may stand for its successor.
   */
  discard(prepared: PreparedStatement): void {
    if (this.forget(prepared)) this.#toClose.push(prepared.name);
  }

  /** The server has none any more: DISCARD ALL, DEALLOCATE ALL. */
  clear(): void {
    this.#byStatement.clear();
    this.#toClose = [];
  }

  /** Names to close, each given once. */
  takeToClose(): readonly string[] {
    if (this.#toClose.length === 0) return NONE;
    const names = this.#toClose;
    this.#toClose = [];
    return names;
  }

  /** Names that were taken and could not be written. */
  giveBackToClose(names: readonly string[]): void {
    this.#toClose.unshift(...names);
  }

  /** A name that still waits to be closed is one that the server knows. */
  #freeName(name: string): string {
    return this.#toClose.includes(name) ? `${name}_${++this.#renamed}` : name;
  }

  #evict(): void {
    let oldest: PreparedStatement | undefined;
    for (const prepared of this.#byStatement.values()) {
      if (oldest === undefined || prepared.lastUse < oldest.lastUse) oldest = prepared;
    }
    if (oldest !== undefined) this.discard(oldest);
  }
}

const NONE: readonly string[] = [];

/**
 * The error says that the server lost a prepared statement or that its result is no longer what it was
 * described as (RevalidateCachedQuery in plancache.c). Preparing it again mends both.
 */
export function isStale(error: {
  readonly code?: string | undefined;
  readonly routine?: string | undefined;
}): boolean {
  return (
    error.code === '26000' ||
    (error.code === '0A000' && error.routine === 'RevalidateCachedQuery') ||
    // A type of the result was dropped: the lookup that fails is that of the described columns.
    (error.code === 'XX000' && error.routine === 'TupleDescInitEntry')
  );
}
