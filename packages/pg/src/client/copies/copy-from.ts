/**
 * Runs one COPY FROM STDIN: finds out how its rows are encoded, sends statement and data, and tells how it ended.
 *
 * The first item is read before anything is sent, because it says whether the source gives rows or bytes. Where the
 * source or an item fails, the copy is failed on the server, so nothing of it is stored.
 *
 * Invariants: of an end before its time the source is told; the connection is given back when the server has said
 * that the copy is over.
 */
import type {SQLQuery} from '@databases/sql';
import {CopyIn} from '../../connection';
import type {Connection, CopyInEvents} from '../../connection';
import {assertTakesRows, chooseEncoder} from '../../copy';
import type {CopyStatement, RowPlan} from '../../copy';
import {UsageError, ValueError} from '../../errors';
import {streamChannel, traced} from '../../tracing';
import {abortable, reasonOf} from '../callers/abortable';
import {failWithCallerStack} from '../callers/caller-stack';
import type {Environment} from '../queries/environment';
import {streamTrace} from '../queries/traced-query';
import {notify} from '../telemetry/query-handlers';
import type {StatementRunner} from '../values/type-lookup';
import {cancelExchange} from './cancel-exchange';
import {copyColumns} from './copy-columns';
import {isRow} from './copy-item';
import {CopySender} from './copy-sender';
import type {SourceReader} from './copy-source';

export interface CopyFromParts {
  readonly query: SQLQuery;
  readonly statement: CopyStatement;
  readonly source: SourceReader;
  readonly connection: Connection;
  readonly environment: Environment;
  /** Asks the catalogue on the same connection. */
  readonly runner: StatementRunner;
  /** Sends what has to go in front, such as BEGIN. */
  readonly prepare: () => Promise<void>;
  /** @throws The reason why the copy must not be sent any more. */
  readonly assertWritable: () => void;
  /** The server is through with it; the error is what the caller is told. */
  readonly ended: (error: Error | undefined) => void;
  /** The connection is free for somebody else. */
  readonly release: () => void;
}

export class CopyFrom implements CopyInEvents {
  readonly #parts: CopyFromParts;
  readonly #outcome: Promise<number | Error>;
  #settle: (outcome: number | Error) => void = () => undefined;
  readonly #opened: Promise<void>;
  #open: () => void = () => undefined;
  #copy: CopyIn | undefined;
  /** Why it is ended from this side. */
  #failure: {readonly error: unknown} | undefined;
  #released = false;

  constructor(parts: CopyFromParts) {
    this.#parts = parts;
    this.#outcome = new Promise((resolve) => (this.#settle = resolve));
    this.#opened = new Promise((resolve) => (this.#open = resolve));
  }

  /** Gives the number of rows that were stored, or what the first of the signals gives as its reason. */
  run(signals: readonly (AbortSignal | undefined)[]): Promise<number> {
    if (!streamChannel.hasSubscribers) return this.#runUntil(signals);
    const {statement, connection} = this.#parts;
    const trace = streamTrace(connection.usedHost().trace, 'copyFrom', statement.text, []);
    return traced(
      streamChannel,
      trace,
      () => this.#runUntil(signals),
      (told, rows) => (told.rowCount = rows),
    );
  }

  #runUntil([signal, ...others]: readonly (AbortSignal | undefined)[]): Promise<number> {
    if (signal?.aborted === true) {
      // It was not yet when the copy was asked for, and by now there is a connection to give back.
      const reason = reasonOf(signal);
      this.abort(reason);
      return Promise.reject(reason);
    }
    return abortable(
      signal,
      0,
      (stop) =>
        new Promise((resolve, reject) => {
          stop.with((reason) => {
            this.abort(reason);
            reject(reason);
          });
          (others.length > 0 ? this.#runUntil(others) : this.#tell()).then(resolve, reject);
        }),
    );
  }

  async #tell(): Promise<number> {
    const {source, query, statement, environment} = this.#parts;
    const {handlers} = environment;
    const formatted = {text: statement.text, values: []};
    try {
      notify('onQueryStart', handlers.onQueryStart, query, formatted);
      return await this.#run();
    } catch (error) {
      environment.failures.record(error, statement.text);
      if (error instanceof Error)
        notify('onQueryError', handlers.onQueryError, query, formatted, error);
      throw error;
    } finally {
      // Before anything was sent there is nobody else to give the connection back.
      if (this.#copy === undefined) this.#release();
      await source.close();
    }
  }

  /** Ends it on the server. The source is told at once. */
  abort(reason: Error): void {
    this.#failure ??= {error: reason};
    void this.#parts.source.close();
    if (this.#copy === undefined) {
      this.#release();
      return;
    }
    this.#copy.fail('it was cancelled');
    cancelExchange(this.#parts.connection, this.#copy);
  }

  // From the exchange.
  opened(): void {
    this.#open();
  }

  // From the exchange.
  ended(outcome: number | Error): void {
    const error = outcome instanceof Error ? outcome : undefined;
    const reason = this.#failure?.error;
    this.#parts.ended(error !== undefined && reason instanceof Error ? reason : error);
    this.#settle(outcome);
    this.#open();
    void this.#free();
  }

  async #run(): Promise<number> {
    const {connection, source, prepare, assertWritable} = this.#parts;
    const first = await source.next();
    this.#assertGoingOn();
    await prepare();
    const rows = first.done !== true && isRow(first.value);
    const plan = rows || first.done === true ? await this.#plan(rows) : undefined;
    this.#assertGoingOn();
    assertWritable();
    const copy = new CopyIn(plan?.text ?? this.#parts.statement.text, this);
    this.#copy = copy;
    connection.lastText = this.#parts.statement.text;
    connection.lastTextAt = performance.now();
    connection.send(copy);
    const sending = this.#send(copy, first, plan, rows).catch((error: unknown) => {
      this.#failure ??= {error};
      copy.fail(
        error instanceof ValueError ? 'a row cannot be sent' : 'the source of the data failed',
      );
    });
    const outcome = await this.#outcome;
    const {error} = this.#failure ?? {};
    if (this.#failure !== undefined) throw error;
    if (outcome instanceof Error) return failWithCallerStack(outcome);
    await sending;
    return outcome;
  }

  /** How the rows are sent; undefined where the server has to say what is wrong with the statement. */
  async #plan(hasRows: boolean): Promise<RowPlan | undefined> {
    const {statement, environment, runner} = this.#parts;
    // Without data, only the binary format has something to send.
    if (!hasRows && statement.format !== 'binary') return undefined;
    assertTakesRows(statement);
    return chooseEncoder(statement, await copyColumns(statement, environment, runner));
  }

  async #send(
    copy: CopyIn,
    first: IteratorResult<unknown, unknown>,
    plan: RowPlan | undefined,
    hasRows: boolean,
  ): Promise<void> {
    await this.#opened;
    if (!copy.open) return;
    if (hasRows && plan === undefined) throw unknownColumns();
    const {connection, source} = this.#parts;
    await new CopySender(connection, copy, plan?.encoder).send(first, source);
  }

  #assertGoingOn(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async #free(): Promise<void> {
    // A cancel request still on its way could hit whoever uses the connection next.
    await this.#parts.connection.cancelUnderWay;
    this.#release();
  }

  #release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#parts.release();
  }
}

function unknownColumns(): UsageError {
  return new UsageError(
    'the columns of the table could not be looked up, so its rows cannot be encoded; write the table and its columns without U&"..." names, or pass the data as strings or bytes',
    {code: 'PG_INVALID_ARGUMENT'},
  );
}
