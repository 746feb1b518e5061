/**
 * Reads the rows of one query batch by batch: from a connection that is held for it or, inside a
 * transaction, from one that others use between two batches.
 *
 * The next batch is asked for while the last one is being consumed, so memory holds two of them, whatever
 * the result. Where rows are large, the next ones are not read before the last was consumed: a connection that is
 * held is paused within a batch; of a shared one, for which others wait, smaller batches are asked for. Closing it
 * early ends the query on the server: at once if no batch is on its way, by a cancel request otherwise. The
 * connection is given back when the server has said that it is done.
 */
import {NamedPortal, PortalCursor, Step} from '../../connection';
import type {Connection, Cursor, CursorEvents, PreparedStatement, RowBatch} from '../../connection';
import {ProtocolError, UsageError, asError} from '../../errors';
import type {EncodedParameter} from '../../types';
import {failWithCallerStack} from '../callers/caller-stack';
import type {Environment} from '../queries/environment';
import type {PlannedQuery} from '../queries/planned-query';
import type {LastEnd} from '../telemetry/last-ends';
import {notify} from '../telemetry/query-handlers';
import {encodeValues} from '../values/encode-values';
import {BatchSize, MOST_BATCH_BYTES} from './batch-size';
import type {StreamShare} from './stream-share';
import {UnreadBatches} from './unread-batches';
import type {Batch} from './unread-batches';

/** While the reader has so much to get through, no more is read. */
const ENOUGH_BYTES = 4 * MOST_BATCH_BYTES;

export interface ReaderParts {
  readonly planned: PlannedQuery;
  readonly environment: Environment;
  readonly connection: Connection;
  readonly batchRows: number | undefined;
  /** Runs a step that describes the statement on the connection. */
  readonly prepare: (step: Step) => Promise<unknown>;
  /** Undefined: the connection is held. */
  readonly share: StreamShare | undefined;
  /** With what it ends at the latest, for the diagnostics channels. */
  readonly until: LastEnd;
  /** The query has ended on the server. */
  readonly heard: (error: Error | undefined) => void;
  /** Called once a shared stream has asked for its first batch, or when one that holds the connection has ended. */
  readonly release: () => void;
}

/** What is known of a stream apart from its reader, which its user may let go of. */
export interface StreamOutcome {
  rowCount: number;
  error: Error | undefined;
  /** The server is done with it. There may be rows that were not read yet, and one of them unreadable. */
  isServed: boolean;
}

export class RowReader implements CursorEvents {
  readonly outcome: StreamOutcome = {rowCount: 0, error: undefined, isServed: false};
  readonly #connection: Connection;
  readonly #share: StreamShare | undefined;
  readonly #heard: (error: Error | undefined) => void;
  readonly #release: () => void;
  readonly #onError: (error: Error) => void;
  /** Describes the statement where that is not done yet, and asks for the first batch. */
  readonly #send: () => Promise<void>;
  readonly #size: BatchSize;
  #cursor: Cursor | undefined;
  readonly #batches = new UnreadBatches();
  #waiting: ((answer: RowBatch | undefined | Promise<never>) => void) | undefined;
  /** No batch came and none was asked for a second time. */
  #fresh = true;
  #phase: 'reading' | 'closing' | 'ended' = 'reading';
  #paused = false;
  #ended: (() => void)[] = [];
  /** Its user wants no more, be it because nothing is left. */
  #left = false;
  #whenLeft: (() => void) | undefined;

  private constructor(
    parts: ReaderParts,
    onError: (error: Error) => void,
    send: () => Promise<void>,
  ) {
    this.#send = send;
    this.#connection = parts.connection;
    this.#share = parts.share;
    this.#heard = parts.heard;
    this.#release = parts.release;
    this.#onError = onError;
    this.#size = new BatchSize(parts.batchRows, parts.share !== undefined);
  }

  /** Describes the statement, then asks for the first batch. The diagnostics channels are told by open-reader.ts. */
  static async start(parts: ReaderParts): Promise<RowReader> {
    const {planned, environment} = parts;
    const {only: statement} = planned.plan;
    if (statement === undefined) {
      throw new UsageError(
        `a stream reads one statement; this text has ${planned.plan.statements.length}`,
        {code: 'PG_INVALID_ARGUMENT'},
      );
    }
    const formatted = {text: statement.text, values: planned.values};
    const {handlers} = environment;
    notify('onQueryStart', handlers.onQueryStart, planned.query, formatted);
    const reader: RowReader = new RowReader(
      parts,
      (error) => {
        environment.failures.record(error, statement.text);
        notify('onQueryError', handlers.onQueryError, planned.query, formatted, error);
      },
      async () => {
        const step = new Step(statement, [], false);
        await parts.prepare(step);
        if (step.prepared === undefined) throw new Error('the statement was not prepared');
        const parameters = encodeValues(planned.values, undefined, statement, environment.registry);
        reader.#start(step.prepared, parameters, planned.comment);
      },
    );
    try {
      await reader.#send();
    } catch (error) {
      if (error instanceof Error) reader.#onError(error);
      throw error;
    }
    if (parts.share !== undefined) parts.release();
    return reader;
  }

  #start(
    prepared: PreparedStatement,
    parameters: readonly EncodedParameter[],
    comment: string,
  ): void {
    if (this.#share === undefined) {
      this.#cursor = new PortalCursor(prepared, parameters, this.#size.rows, this, comment);
      this.#connection.send(this.#cursor);
    } else {
      this.#cursor = new NamedPortal(prepared, parameters, this, this.#share, comment);
      this.#cursor.fetch(this.#size.rows);
    }
  }

  /** The next rows, for as long as no more are asked for; undefined at the end. Those before are to have been read. */
  next(): Promise<RowBatch | undefined> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
      const unreadable = this.#batches.read();
      if (unreadable !== undefined) this.#refuse(unreadable);
      this.#serve();
      if (this.#batches.bytes < ENOUGH_BYTES) this.#readOn();
    });
  }

  /** A row cannot be read. On the server nothing has failed, so a transaction goes on. */
  #refuse(error: Error): void {
    if (this.#phase === 'closing') return;
    this.#batches.clear();
    // What is no row at all says that the stream of messages cannot be trusted.
    if (error instanceof ProtocolError && this.#phase === 'reading') {
      return this.#connection.destroy(error);
    }
    this.outcome.error ??= this.#told(error);
    this.#heard(error);
    void this.close();
  }

  /** Resolves when the connection is free again and the reader has been closed. Never, if its user just stops reading. */
  async whenEnded(): Promise<void> {
    if (this.#phase !== 'ended') await new Promise<void>((resolve) => this.#ended.push(resolve));
    // The last rows may still be unread, and one of them unreadable.
    if (!this.#left) await new Promise<void>((resolve) => (this.#whenLeft = resolve));
  }

  /** Ends the reading. Resolves when the connection is free again. */
  close(reason?: Error): Promise<void> {
    this.#left = true;
    this.#whenLeft?.();
    // What is in flight may have ended before its last rows were read.
    this.#batches.clear();
    if (this.#phase === 'reading') {
      this.#phase = 'closing';
      this.outcome.error ??= reason;
      this.#readOn();
      if (this.#cursor?.close() === 'working' && this.#mayCancel(reason)) {
        this.#cancel();
      }
      this.#serve();
    }
    if (this.#phase === 'ended') return Promise.resolve();
    return new Promise((resolve) => this.#ended.push(resolve));
  }

  /** A cancel request fails the transaction around the query, so leaving a loop early waits for its batch. */
  #mayCancel(reason: Error | undefined): boolean {
    return reason !== undefined || this.#connection.session.transactionStatus === 'idle';
  }

  /** Others may be in front of the batch: what has to be cancelled is that alone. */
  #cancel(): void {
    const cursor = this.#cursor;
    const {cancelUnderWay, session} = this.#connection;
    if (cursor === undefined || this.#phase === 'ended') return;
    if (session.current !== cursor) cursor.started = () => this.#cancel();
    else if (cancelUnderWay !== undefined) void cancelUnderWay.then(() => this.#cancel());
    else void this.#connection.cancel();
  }

  // From the cursor.
  part(rows: RowBatch, bytes: number): void {
    this.#add({rows, last: false, bytes});
    if (this.#batches.bytes < ENOUGH_BYTES || this.#paused) return;
    this.#paused = true;
    this.#connection.pause();
  }

  #readOn(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#connection.resume();
  }

  // From the cursor.
  batch(rows: RowBatch | undefined, last: boolean, bytes: number): void {
    // Nothing more comes now that would have to be held up, but the end of the connection might.
    this.#readOn();
    if (this.#phase !== 'reading') {
      rows?.release();
      this.#cursor?.close();
      return;
    }
    if (rows !== undefined) this.#add({rows, last, bytes});
    else this.#nothingCame();
    this.#readAhead();
  }

  #add(batch: Batch): void {
    this.#fresh = false;
    this.outcome.rowCount += batch.rows.length;
    this.#batches.add(batch);
    this.#serve();
  }

  /** All of the batch was in its parts, or there was nothing. */
  #nothingCame(): void {
    this.#fresh = false;
    this.#serve();
  }

  // From the cursor.
  ended(error: Error | undefined): void {
    this.#readOn();
    if (error !== undefined && this.#mayBeginAgain()) {
      this.#fresh = false;
      this.#send().catch((reason: unknown) => {
        this.ended(asError(reason));
      });
      return;
    }
    this.#heard(error);
    const ownCancel = this.#phase === 'closing';
    this.#phase = 'ended';
    this.outcome.isServed = true;
    if (error !== undefined && !ownCancel) {
      this.outcome.error ??= this.#told(error);
    }
    void this.#free();
    this.#serve();
  }

  /** As for a query: the statement met a session where it was stale, and nothing of it ran. */
  #mayBeginAgain(): boolean {
    return (
      this.#fresh &&
      this.#phase === 'reading' &&
      this.#cursor?.outdated === true &&
      this.#connection.session.transactionStatus === 'idle'
    );
  }

  /** A handler that throws fails the query it was told of, and nothing else. */
  #told(error: Error): Error {
    try {
      this.#onError(error);
      return error;
    } catch (thrown) {
      return asError(thrown);
    }
  }

  async #free(): Promise<void> {
    // A cancel request still on its way could hit whoever uses the connection next.
    await this.#connection.cancelUnderWay;
    if (this.#share === undefined) this.#release();
    for (const resolve of this.#ended) resolve();
    this.#ended = [];
  }

  #serve(): void {
    const resolve = this.#waiting;
    if (resolve === undefined) return;
    const rows = this.#batches.give();
    if (rows !== undefined) {
      this.#waiting = undefined;
      resolve(rows);
      this.#readAhead();
    } else if (this.outcome.error !== undefined) {
      this.#waiting = undefined;
      resolve(failWithCallerStack(this.outcome.error));
    } else if (this.#phase !== 'reading') {
      this.#waiting = undefined;
      resolve(undefined);
    } else if (this.#cursor?.suspended === true) {
      void this.#demand();
    }
  }

  /** Asks for the batch that is waited for, which was not asked for ahead. */
  async #demand(): Promise<void> {
    try {
      await this.#share?.admitted();
    } catch (error) {
      void this.close(asError(error));
      return;
    }
    if (this.#phase === 'reading') this.#fetch();
  }

  #readAhead(): void {
    if (this.#phase !== 'reading' || this.#batches.length > 1) return;
    if (this.#batches.hasLast || this.#batches.bytes >= ENOUGH_BYTES) return;
    // It is asked for when it is waited for.
    if (this.#share?.free === false) return;
    this.#fetch();
  }

  #fetch(): void {
    if (this.#cursor?.suspended !== true) return;
    this.#cursor.fetch(this.#size.next(this.#cursor.rowBytes));
  }
}
