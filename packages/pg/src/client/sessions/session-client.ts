/**
 * A connection that one caller holds, as a Queryable: what `task` connections and transactions share.
 *
 * Calls go on the wire in the order they are made, without waiting for one another; while a nested
 * transaction is open, or a stream outside a transaction, they wait in the lock. What has to go in front (BEGIN,
 * SAVEPOINT) goes in the same write as the first statement.
 */
import type {Readable} from 'node:stream';
import sql, {isSqlQuery} from '@databases/sql';
import type {SQL, SQLQuery} from '@databases/sql';
import {Step} from '../../connection';
import type {Connection as WireConnection, Row, Statement} from '../../connection';
import {queryChannel} from '../../tracing';
import type {EncodedParameter} from '../../types';
import type {
  CopyOptions,
  QueryNodeStreamOptions,
  QueryOptions,
  QueryStreamOptions,
  ResultRow,
  RowStream,
} from '../api/queryable';
import {abortable} from '../callers/abortable';
import type {Stop} from '../callers/abortable';
import type {CopySource} from '../copies/copy-source';
import {notifyQuery} from '../listen/notify';
import {Lock} from '../lock/lock';
import type {Environment} from '../queries/environment';
import {answerOfEach, stepsWith} from '../queries/grouped-answers';
import {observed} from '../queries/observed';
import {isUndescribed, plainStep, plainValues, planQuery, stepsOf} from '../queries/planned-query';
import type {PlannedQuery} from '../queries/planned-query';
import {lastRows, QueryCall} from '../queries/query-call';
import type {Answer, Resolve} from '../queries/query-call';
import {tracedPlain} from '../queries/traced-query';
import type {PooledStatement} from '../statements/statement-catalog';
import {isObserved} from '../telemetry/query-handlers';
import {SessionCall} from './session-call';
import type {CallOwner, EndedCall} from './session-call';
import {copying, streaming} from './loaded-later';
import type {CopyingOwner, SessionCopies} from './session-copies';
import type {SessionStreams, StreamingOwner} from './session-streams';

const NO_STEPS: readonly Step[] = [];
const nothing = () => undefined;

export abstract class SessionClient implements CallOwner, CopyingOwner, StreamingOwner {
  readonly sql: SQL = sql;
  readonly environment: Environment;
  protected readonly connection: WireConnection;
  protected readonly lock: Lock;

  constructor(environment: Environment, connection: WireConnection, name: string) {
    this.environment = environment;
    this.connection = connection;
    this.lock = new Lock(name, environment.acquireLockTimeoutMilliseconds);
  }

  /** @throws The reason why nothing more can be asked of this object. */
  abstract assertUsable(): void;

  /** @throws The reason why what was asked for before must not be sent any more. */
  abstract assertWritable(): void;

  /** Steps to send in front of the next statement. Taken once; given back if they could not be written. */
  protected abstract takePrefix(): readonly Step[];
  protected abstract givePrefixBack(prefix: readonly Step[]): void;

  /** Wraps the steps of a query that has to be all or nothing. */
  protected abstract wrap(own: readonly Step[]): readonly Step[];

  /** Runs several queries as one where the server has to be asked for parameter types in between. */
  protected abstract runInGroups(queries: readonly PlannedQuery[]): Promise<readonly Row[][]>;

  /** Whether other calls have to wait for these queries: their failure would be that of those behind. */
  protected abstract runsAlone(queries: readonly PlannedQuery[]): boolean;

  /** Whether it is somebody else who tells the program's handlers of these queries. */
  protected abstract toldInGroups(queries: readonly PlannedQuery[]): boolean;

  /** Whether a portal outlives its exchange, so that others may use the connection between a stream's batches. */
  abstract get sharesStreams(): boolean;

  /** An exchange of this object has ended: a transaction watches what state it left. */
  protected abstract callEnded(call: EndedCall): void;

  query(query: SQLQuery, options?: QueryOptions): Promise<ResultRow[]>;
  query(queries: readonly SQLQuery[], options?: QueryOptions): Promise<ResultRow[][]>;
  query(
    query: SQLQuery | readonly SQLQuery[],
    options?: QueryOptions,
  ): Promise<ResultRow[] | ResultRow[][]> {
    try {
      this.assertUsable();
      if (options === undefined && isSqlQuery(query)) {
        const rows = this.#runPlain(query);
        if (rows !== undefined) return rows;
      }
      const many = Array.isArray(query);
      const planned = many
        ? query.map((each: unknown, index) => planQuery(each, this.environment, index))
        : [planQuery(query, this.environment)];
      return many
        ? this.#inOrder(planned, answerOfEach(planned), options)
        : this.#inOrder(planned, lastRows, options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async notify(channel: string, payload?: string): Promise<void> {
    await this.query(notifyQuery(channel, payload));
  }

  queryStream(query: SQLQuery, options: QueryStreamOptions = {}): RowStream {
    return this.streams.rows(query, options);
  }

  queryNodeStream(query: SQLQuery, options: QueryNodeStreamOptions = {}): Readable {
    return this.streams.readable(query, options);
  }

  /** Made when asked for, as a stream is no everyday thing. */
  get streams(): SessionStreams {
    const {SessionStreams: Streams} = streaming();
    return new Streams(this, this.environment, this.connection, this.lock);
  }

  copyFrom(query: SQLQuery, source: CopySource, options: CopyOptions = {}): Promise<number> {
    return this.copies.from(query, source, options);
  }

  copyTo(query: SQLQuery, options: CopyOptions = {}): Readable {
    return this.copies.to(query, options);
  }

  /** Made when asked for: few objects ever copy. */
  get copies(): SessionCopies {
    const {SessionCopies: Copies} = copying();
    return new Copies(this, this.environment, this.connection, this.lock);
  }

  /** Aborts whatever runs on this object. */
  get ownSignal(): AbortSignal | undefined {
    return undefined;
  }

  /** For what is not made of steps: BEGIN and the like go in front of it as a write of their own. */
  async sendPrefix(): Promise<void> {
    const prefix = this.takePrefix();
    if (prefix.length === 0) return;
    await new Promise<void>((resolve) => {
      const call = new SessionCall(this, this.connection, true, prefix, prefix, nothing, resolve);
      if (!this.connection.send(call)) this.givePrefixBack(prefix);
    });
  }

  /** What is not made of steps has ended. */
  hearEndOf(error: Error | undefined): void {
    this.callEnded({steps: NO_STEPS, own: NO_STEPS, at: 0, failure: () => error});
  }

  /** Learns the statement, its types included, so that its parameters can be sent and its rows read. */
  async learn(step: Step): Promise<void> {
    await this.send([step], nothing, undefined);
    if (!(await this.environment.typeLookup.learnAll(step, this))) return;
    // Described again with the types that are known now, so that its rows are read as they are.
    await this.send([step], nothing, undefined);
  }

  /** Has the server describe a statement, so that its parameters can be encoded. */
  protected async describe(statement: Statement, options?: QueryOptions): Promise<void> {
    const step = new Step(statement, [], false);
    await this.send([step], nothing, options);
    await this.environment.typeLookup.learnParameters(statement, this);
  }

  #inOrder<T>(
    queries: readonly PlannedQuery[],
    answer: Answer<T>,
    options: QueryOptions | undefined,
  ): Promise<T> {
    if (this.runsAlone(queries)) return this.#observeAlone(queries, answer, options);
    return this.lock.free
      ? this.#observe(queries, answer, options)
      : this.#observeLater(queries, answer, options);
  }

  async #observeLater<T>(
    queries: readonly PlannedQuery[],
    answer: Answer<T>,
    options: QueryOptions | undefined,
  ): Promise<T> {
    await this.lock.acquire(this);
    // What is written next is behind what the lock was held for, so it need not be held any longer.
    this.lock.release();
    this.assertUsable();
    return this.#observe(queries, answer, options);
  }

  async #observeAlone<T>(
    queries: readonly PlannedQuery[],
    answer: Answer<T>,
    options: QueryOptions | undefined,
  ): Promise<T> {
    await this.lock.acquire({});
    try {
      this.assertUsable();
      return await this.#observe(queries, answer, options);
    } finally {
      this.lock.release();
    }
  }

  #observe<T>(
    queries: readonly PlannedQuery[],
    answer: Answer<T>,
    options: QueryOptions | undefined,
  ): Promise<T> {
    const isTold = !isObserved(this.environment.handlers) || this.toldInGroups(queries);
    if (isTold) return this.#run(queries, answer, options);
    const run = (told: Answer<T>) => this.#run(queries, told, options);
    return observed(this.environment, this.connection.usedHost().trace, queries, answer, run);
  }

  async #runUndescribed<T>(
    queries: readonly PlannedQuery[],
    answer: Answer<T>,
    options: QueryOptions | undefined,
  ): Promise<T> {
    const [only, ...others] = queries;
    if (only !== undefined && others.length === 0 && only.plan.only !== undefined) {
      await this.describe(only.plan.only, options);
      return this.send(stepsOf(only), answer, options);
    }
    const rows = await this.runInGroups(queries);
    return answer(stepsWith(queries, rows));
  }

  #run<T>(
    queries: readonly PlannedQuery[],
    answer: Answer<T>,
    options: QueryOptions | undefined,
  ): Promise<T> {
    if (queries.some(isUndescribed)) {
      return this.#runUndescribed(queries, answer, options);
    }
    return this.send(queries.flatMap(stepsOf), answer, options);
  }

  /** The way nearly every query goes. Undefined for all others, of which nothing was sent then. */
  #runPlain(query: SQLQuery): Promise<Row[]> | undefined {
    const statement = this.environment.catalog.planOf(query).only;
    if (statement === undefined || !this.lock.free) return undefined;
    const values = plainValues(query, statement, this.environment);
    if (values === undefined) return undefined;
    const comment = this.environment.comment?.();
    if (!queryChannel.hasSubscribers) return this.#sendPlain(statement, values, comment);
    return this.#tracePlain(statement, values, comment);
  }

  #tracePlain(
    statement: PooledStatement,
    values: readonly unknown[],
    comment: string | undefined,
  ): Promise<Row[]> {
    const {trace} = this.connection.usedHost();
    return tracedPlain(trace, statement.text, values, () =>
      this.#sendPlain(statement, values, comment),
    );
  }

  #sendPlain(
    statement: PooledStatement,
    values: readonly unknown[],
    comment: string | undefined,
  ): Promise<Row[]> {
    const own = [plainStep(statement, values, comment, this.environment.registry)];
    return new Promise((resolve) => {
      this.#write(own, own, lastRows, resolve);
    });
  }

  /** Sends steps in one write, behind whatever has to go in front. */
  protected send<T>(
    own: readonly Step[],
    answer: Answer<T>,
    options: QueryOptions | undefined,
  ): Promise<T> {
    if (own.length === 0) return Promise.resolve(answer(own));
    return abortable(
      options?.signal,
      this.environment.queryTimeoutMilliseconds,
      (stop) =>
        new Promise<T>((resolve) => {
          this.#write(own, this.wrap(own), answer, resolve, stop);
        }),
    );
  }

  #write<T>(
    own: readonly Step[],
    wrapped: readonly Step[],
    answer: Answer<T>,
    resolve: Resolve<T>,
    stop?: Stop,
  ): void {
    const prefix = this.takePrefix();
    const begins = prefix.length > 0;
    const steps = begins ? [...prefix, ...wrapped] : wrapped;
    const holds = begins || stop?.bySignal === true;
    const call = new SessionCall(this, this.connection, holds, steps, own, answer, resolve);
    stop?.with((reason) => call.abort(reason));
    // A call that could not even be written has left BEGIN unsent as well.
    if (!this.connection.send(call)) this.givePrefixBack(prefix);
  }

  /** Runs a statement of this package's own, such as a question to the catalogue. */
  runOwn(text: string, parameters: readonly EncodedParameter[]): Promise<readonly Row[]> {
    const {environment, connection} = this;
    const steps = [new Step(environment.catalog.statement(text), parameters)];
    return new Promise((resolve) => {
      connection.send(
        new QueryCall(this, environment.ownRegistry, steps, steps, lastRows, resolve),
      );
    });
  }

  /** For SessionCall only. */
  hearEnd(call: EndedCall): void {
    this.callEnded(call);
  }
}
