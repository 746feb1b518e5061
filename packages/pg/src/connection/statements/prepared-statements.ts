/**
 * The statements that one session has prepared on the server by name.
 *
 * It decides between named and unnamed and remembers what is to be closed; it writes nothing itself.
 *
 * Once it is full, a statement takes the place of another only where it came back sooner than the other did:
 * with more statements in turn than there is room for, "least recently used out" would throw each one out just
 * before it is used again, and a name that is not used again costs the server more than none. Those that find no
 * room are sent unnamed. Where a statement was used last counts for the whole process, because a pool hands
 * its statements to any of its sessions (docs/design/performance/first-use.md has the figures).
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
  /** Counted in the uses of its session. */
  lastUse = 0;
  /** Where it stands among those that the session keeps. */
  place = 0;

  constructor(statement: Statement, name: string) {
    this.statement = statement;
    this.name = name;
  }
}

/**
 * What has a place must have waited so many times as long as the newcomer did before it has to go: where all are
 * used alike, an exchange gains nothing and costs a Close and a Parse. Higher is slower to follow a program
 * that turns to other statements.
 */
const PATIENCE = 2;
/** Where one has to go in any case, so many are looked at before one goes that was used of late. */
const LOOKED_AT = 8;

/** Not worth closing. */
const FEW_HOLES = 8;

/** Uses of statements, of all sessions together: the time by which they are compared. */
let uses = 0;

export class PreparedStatements {
  readonly #limit: number;
  readonly #alwaysNamed: boolean;
  readonly #byStatement = new Map<Statement, PreparedStatement>();
  /**
   * The same ones in the order they came in, with holes where others were: what was looked at and stayed is behind the
   * hand, what came since is in front of it. No iterator of the Map, which would keep each table that the Map has
   * moved to since it was made.
   */
  #kept: (PreparedStatement | undefined)[] = [];
  /** The place to look at next for one that may go. */
  #hand = 0;
  #toClose: string[] = [];
  #uses = 0;
  #renamed = 0;

  /**
   * @param limit How many named statements the session keeps. 0 = every statement is sent unnamed.
   * @param alwaysNamed Every statement is named. Otherwise from its second use on, while there is room or if it is
   *   used more than what it takes the place of.
   */
  constructor(limit: number, alwaysNamed = false) {
    this.#limit = limit;
    this.#alwaysNamed = alwaysNamed;
  }

  get size(): number {
    return this.#byStatement.size;
  }

  find(statement: Statement): PreparedStatement | undefined {
    const prepared = this.#byStatement.get(statement);
    if (prepared !== undefined) {
      prepared.lastUse = ++this.#uses;
      statement.lastUse = ++uses;
    }
    return prepared;
  }

  /** A statement that the session does not have, which the caller is about to Parse. */
  add(statement: Statement): PreparedStatement {
    const {lastUse} = statement;
    statement.lastUse = ++uses;
    this.#uses++;
    const isNamed = this.#limit > 0 && (this.#alwaysNamed || lastUse > 0);
    if (!isNamed || !this.#hasRoomFor(lastUse)) return new PreparedStatement(statement, '');
    const prepared = new PreparedStatement(statement, this.#freeName(statement.name));
    prepared.lastUse = this.#uses;
    if (this.#kept.length > 2 * this.#byStatement.size + FEW_HOLES) this.#closeHoles();
    prepared.place = this.#kept.push(prepared) - 1;
    this.#byStatement.set(statement, prepared);
    return prepared;
  }

  /** It stands under its name, or will once what was written before has been read. Never for one without a name. */
  has(prepared: PreparedStatement): boolean {
    return this.#byStatement.get(prepared.statement) === prepared;
  }

  /** Forgets a statement that the server does not have: its Parse failed or was skipped. */
  forget(prepared: PreparedStatement): boolean {
    if (!this.has(prepared)) return false;
    this.#kept[prepared.place] = undefined;
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
    this.#kept = [];
    this.#hand = 0;
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

  #hasRoomFor(lastUse: number): boolean {
    if (this.#byStatement.size < this.#limit) return true;
    const other = this.#alwaysNamed ? this.#mustGo() : this.#atHand();
    if (!this.#alwaysNamed && this.#keeps(other, lastUse)) return false;
    this.discard(other);
    return true;
  }

  /** Whether it has more of a right to its name than what was used last at that time. */
  #keeps(prepared: PreparedStatement, lastUse: number): boolean {
    // A stream that had it described is about to bind it, and would have to parse it once more.
    if (this.#isRecent(prepared)) return true;
    return uses - prepared.statement.lastUse <= PATIENCE * (uses - lastUse);
  }

  /** One that was not used of late, or else of some the one that was not used for longest. */
  #mustGo(): PreparedStatement {
    let oldest = this.#atHand();
    for (let looked = 1; looked < LOOKED_AT && this.#isRecent(oldest); looked++) {
      const other = this.#atHand();
      if (other.lastUse < oldest.lastUse) oldest = other;
    }
    return oldest;
  }

  #isRecent({lastUse}: PreparedStatement): boolean {
    return this.#uses - lastUse < this.#limit;
  }

  /** One of the statements, another one each time. */
  #atHand(): PreparedStatement {
    for (let looked = 0; looked <= this.#kept.length; looked++) {
      if (this.#hand >= this.#kept.length) this.#hand = 0;
      const prepared = this.#kept[this.#hand++];
      if (prepared !== undefined) return prepared;
    }
    throw new Error('it is full of nothing');
  }

  #closeHoles(): void {
    const left: PreparedStatement[] = [];
    let hand = 0;
    for (const [place, prepared] of this.#kept.entries()) {
      if (place === this.#hand) hand = left.length;
      if (prepared !== undefined) prepared.place = left.push(prepared) - 1;
    }
    this.#hand = this.#hand >= this.#kept.length ? left.length : hand;
    this.#kept = left;
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
