/** What a program does all the time: requests that write, and requests that read. Counts what becomes of them. */
import {setTimeout as pause} from 'node:timers/promises';
import {PgError, sql} from '@databases/pg';
import type {Cluster} from '@databases/pg-cluster';

export const NEWEST = sql`SELECT max(id) FROM orders`;

const WRITERS = 3;
const READERS = 3;
/** Between two requests of one worker. */
const THINK_MILLISECONDS = 2;

/** Of one kind of request. */
export class Tally {
  done = 0;
  failed = 0;
  longestMilliseconds = 0;

  async run(work: () => Promise<unknown>): Promise<unknown> {
    const start = performance.now();
    try {
      await work();
      this.done++;
      return undefined;
    } catch (error) {
      this.failed++;
      return error;
    } finally {
      this.longestMilliseconds = Math.max(this.longestMilliseconds, performance.now() - start);
    }
  }
}

export class Load {
  readonly reads = new Tally();
  readonly writes = new Tally();
  readonly acknowledged: number[] = [];
  /** Keys of which nobody can say whether they were stored: they were sent, and there was no answer. */
  readonly unknown: number[] = [];
  readonly errors: unknown[] = [];
  #next = 1;
  readonly #ending = new AbortController();
  readonly #workers: Promise<void>[];

  constructor(db: Cluster) {
    this.#workers = [
      ...Array.from({length: WRITERS}, () => this.#repeat(() => this.#write(db))),
      ...Array.from({length: READERS}, () => this.#repeat(() => this.#read(db))),
    ];
  }

  async end(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#workers);
  }

  async #repeat(work: () => Promise<void>): Promise<void> {
    while (!this.#ending.signal.aborted) {
      await work();
      await pause(THINK_MILLISECONDS);
    }
  }

  // Each request is a session: what it reads shows what it has written, not what all others have.
  async #write(db: Cluster): Promise<void> {
    const key = this.#next++;
    const error = await this.writes.run(() =>
      db.session(() => db.query(sql`INSERT INTO orders (id) VALUES (${key})`)),
    );
    if (error === undefined) this.acknowledged.push(key);
    else if (error instanceof PgError && error.sent === 'maybe') this.unknown.push(key);
    else this.errors.push(error);
  }

  async #read(db: Cluster): Promise<void> {
    const error = await this.reads.run(() => db.session(() => db.query(NEWEST)));
    if (error !== undefined) this.errors.push(error);
  }
}
