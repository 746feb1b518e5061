/**
 * Takes the rows out of batches one by one, as `for await` does.
 *
 * An async generator would do the same for 150 ns more a row: three promises instead of one, and a turn of the
 * microtask queue for each (docs/design/performance/rows.md). So only batches come out of one, and while a batch has
 * rows, the next of them is there at once.
 *
 * Invariants, as of a generator: what is asked for while something else is under way waits for its turn; after `return`
 * or `throw` no row comes.
 */
import type {Row, RowBatch} from '../../connection';
import type {StreamHold} from '../lock/stream-hold';

/** After so long, all else that waits in the process has its turn, although there are rows. */
const TURN_MILLISECONDS = 2;

/** So often the clock is looked at. */
const LOOK_EVERY_ROWS = 512;

type Result = IteratorResult<Row, undefined>;

export class RowIterator implements AsyncIterableIterator<Row, undefined>, AsyncDisposable {
  readonly #batches: AsyncGenerator<RowBatch, undefined, undefined>;
  readonly #signal: AbortSignal | undefined;
  readonly #hold: StreamHold | undefined;
  readonly #now: () => number;
  #batch: RowBatch | undefined;
  #rowsLeft = LOOK_EVERY_ROWS;
  #turnBegan: number;
  /** How much is under way, and the last of it. */
  #underWay = 0;
  #last: Promise<Result> | undefined;

  /** @param signal Once it is aborted, what comes next is what the batches say to that. */
  constructor(
    batches: AsyncGenerator<RowBatch, undefined, undefined>,
    signal: AbortSignal | undefined,
    hold: StreamHold | undefined,
    now: () => number,
  ) {
    this.#batches = batches;
    this.#signal = signal;
    this.#hold = hold;
    this.#now = now;
    this.#turnBegan = now();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Result> {
    if (this.#hold !== undefined) this.#hold.reads++;
    const row = this.#underWay === 0 && this.#rowsLeft > 0 ? this.#nextOfBatch() : undefined;
    return row === undefined
      ? this.#inTurn(() => this.#advance())
      : Promise.resolve({value: row, done: false});
  }

  return(): Promise<Result> {
    return this.#inTurn(() => this.#leave(() => this.#batches.return(undefined)));
  }

  /** As `return`, for `await using`: the generators of Node 20 and 22 have none. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  throw(error?: unknown): Promise<Result> {
    return this.#inTurn(() => this.#leave(() => this.#batches.throw(error)));
  }

  #nextOfBatch(): Row | undefined {
    this.#rowsLeft--;
    return this.#signal?.aborted === true ? undefined : this.#batch?.next();
  }

  async #advance(): Promise<Result> {
    try {
      if (this.#rowsLeft <= 0) {
        if (this.#now() - this.#turnBegan > TURN_MILLISECONDS) await this.#giveWay();
        this.#rowsLeft = LOOK_EVERY_ROWS;
      }
      let row = this.#nextOfBatch();
      while (row === undefined) {
        this.#batch = undefined;
        const {value, done} = await this.#batches.next();
        if (done === true) return {value: undefined, done: true};
        this.#batch = value;
        row = this.#nextOfBatch();
      }
      return {value: row, done: false};
    } finally {
      this.#underWay--;
    }
  }

  async #giveWay(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#turnBegan = this.#now();
  }

  async #leave(end: () => Promise<unknown>): Promise<Result> {
    this.#batch?.release();
    this.#batch = undefined;
    try {
      await end();
    } finally {
      this.#underWay--;
    }
    return {value: undefined, done: true};
  }

  /**
   * @param step Counts itself out when it is over. Not by a `then` of its promise: V8 follows a promise to the code
   * that awaits it, for the stack of an error, only where nobody else does.
   */
  #inTurn(step: () => Promise<Result>): Promise<Result> {
    const before = this.#underWay++ > 0 ? this.#last : undefined;
    const turn = before === undefined ? step() : before.then(step, step);
    this.#last = turn;
    return turn;
  }
}
