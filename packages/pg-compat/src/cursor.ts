/**
 * `pg-cursor`: reads the rows of one statement in batches. `client.query(cursor)` gives it to a client, whose other
 * queries wait until it has ended or is closed.
 *
 * The statement is sent with the first `read`. Events: `row` (row, result), `error` where somebody listens, `end`.
 */
import {EventEmitter} from 'node:events';
import type {DatabaseErrorFields, RawConnection, RawPortal} from '@databases/pg/raw';
import {DatabaseError, asPgError} from './database-error';
import {prepareValue} from './prepare-value';
import {Result} from './result';
import type {ResultRow} from './result';
import type {CustomTypesConfig} from './types';
import {refuseSubmit} from './work';
import type {Work} from './work';

export interface CursorQueryConfig {
  rowMode?: string | undefined;
  types?: CustomTypesConfig | undefined;
}

type ReadCallback<Row> = (error: Error | undefined, rows: Row[], result: Result<Row>) => void;

interface Read<Row> {
  readonly rows: number;
  readonly told: ReadCallback<Row>;
}

/** `waiting`: for its client; `ready`: for a read; `reading`; `closing`: for the server; `done`. */
type Phase = 'waiting' | 'ready' | 'reading' | 'closing' | 'done';

export class Cursor<Row = ResultRow> extends EventEmitter implements Work {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly #result: Result<Row>;
  readonly #reads: Read<Row>[] = [];
  #rows: Row[] = [];
  #phase: Phase = 'waiting';
  #error: Error | undefined;
  #connection: RawConnection | undefined;
  #portal: RawPortal | undefined;
  #done: () => void = () => undefined;
  #closed: (() => void)[] = [];

  constructor(text: string, values: readonly unknown[] = [], config: CursorQueryConfig = {}) {
    super();
    this.text = text;
    this.values = values;
    this.#result = new Result(config.rowMode, config.types);
  }

  start(connection: RawConnection, types: CustomTypesConfig, done: () => void): void {
    // Closed before it was its turn.
    if (this.#phase !== 'waiting') return done();
    this.#result.types ??= types;
    this.#connection = connection;
    this.#done = done;
    this.#phase = 'ready';
    this.#next();
  }

  fail(error: Error): void {
    this.#finish(error);
  }

  submit(): void {
    refuseSubmit();
  }

  /** The next rows, fewer where there are no more. */
  read(rows: number): Promise<Row[]>;
  read(rows: number, callback: ReadCallback<Row>): void;
  read(rows: number, callback?: ReadCallback<Row>): Promise<Row[]> | undefined {
    if (callback === undefined) {
      return new Promise((resolve, reject) => {
        this.read(rows, (error, batch) => (error === undefined ? resolve(batch) : reject(error)));
      });
    }
    if (this.#phase === 'done' || this.#phase === 'closing') {
      setImmediate(() => callback(this.#error, [], this.#result));
      return undefined;
    }
    this.#reads.push({rows, told: callback});
    if (this.#phase === 'ready') this.#next();
    return undefined;
  }

  /** Ends the statement where it stands; the client is free afterwards. */
  close(): Promise<void>;
  close(callback: (error?: Error) => void): void;
  close(callback?: (error?: Error) => void): Promise<void> | undefined {
    const closed = new Promise<void>((resolve) => {
      if (this.#phase === 'done') setImmediate(resolve);
      else this.#closed.push(resolve);
    });
    this.#close();
    if (callback === undefined) return closed;
    void closed.then(() => callback());
    return undefined;
  }

  #close(): void {
    if (this.#phase === 'done' || this.#phase === 'closing') return;
    if (this.#portal === undefined) {
      this.#finish(undefined);
      return;
    }
    this.#phase = 'closing';
    this.#portal.close();
  }

  #next(): void {
    const [read] = this.#reads;
    if (read === undefined || this.#phase !== 'ready') return;
    this.#phase = 'reading';
    if (this.#portal === undefined) this.#open(read.rows);
    else this.#portal.fetch(read.rows);
  }

  #open(rowLimit: number): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    try {
      const parameters = this.values.map(prepareValue);
      this.#portal = connection.runStatement(
        {text: this.text, name: '', parameters, rowLimit},
        {
          columns: (columns) => this.#result.addColumns(columns),
          row: (values) => this.#row(values),
          complete: (tag) => this.#result.addCommandTag(tag),
          suspended: () => this.#suspended(),
          ended: (fields) => this.#ended(fields),
          lost: (error) => this.#finish(asPgError(error)),
        },
      );
    } catch (error) {
      this.#finish(asPgError(error));
    }
  }

  // Called from where the bytes come in: nothing may be thrown.
  #row(values: readonly (string | null)[]): void {
    if (this.#error !== undefined) return;
    try {
      const row = this.#result.parseRow(values);
      this.#rows.push(row);
      this.emit('row', row, this.#result);
    } catch (error) {
      this.#error = asPgError(error);
    }
  }

  #suspended(): void {
    if (this.#error !== undefined) {
      this.#close();
      return;
    }
    this.#phase = 'ready';
    this.#deliver();
    // The reader may have asked for more from its callback; otherwise it does so later.
    setImmediate(() => this.#next());
  }

  #deliver(): void {
    const read = this.#reads.shift();
    const rows = this.#rows;
    this.#rows = [];
    this.#result.rows = rows;
    if (read !== undefined) setImmediate(() => read.told(undefined, rows, this.#result));
  }

  #ended(fields: DatabaseErrorFields | undefined): void {
    this.#finish(this.#error ?? (fields === undefined ? undefined : new DatabaseError(fields)));
  }

  #finish(error: Error | undefined): void {
    if (this.#phase === 'done') return;
    this.#error = error;
    const wasStarted = this.#phase !== 'waiting';
    this.#phase = 'done';
    if (error === undefined) this.#deliver();
    for (const {told} of this.#reads.splice(0)) {
      setImmediate(() => told(error, [], this.#result));
    }
    if (error !== undefined && this.listenerCount('error') > 0) this.emit('error', error);
    for (const closed of this.#closed.splice(0)) setImmediate(closed);
    if (error === undefined) this.emit('end', this.#result);
    if (wasStarted) this.#done();
  }
}
