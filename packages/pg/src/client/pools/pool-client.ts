/**
 * The connection pool as programs see it.
 *
 * A query goes to whichever connection is right for it; tasks, transactions and streams hold one for
 * themselves. No connection is opened before the first of them, and idle ones do not keep the process
 * alive.
 */
import type {Readable} from 'node:stream';
import sql from '@databases/sql';
import type {SQL, SQLQuery} from '@databases/sql';
import type {Connection as WireConnection, Row} from '../../connection';
import {ConnectionError, UsageError} from '../../errors';
import type {Pool} from '../../pool';
import type {AcquirePurpose} from '../../tracing';
import {parseArray, parseComposite} from '../../types';
import {ConnectionClient} from './connection-client';
import {runInside} from '../callers/context';
import {SourceReader} from '../copies/copy-source';
import type {CopySource} from '../copies/copy-source';
import {copyStatementOf} from '../copies/copy-statement-of';
import {copyReadable} from '../copies/copy-to';
import type {Environment} from '../queries/environment';
import type {CreateInspector, InspectorHandler, InspectorOptions} from '../api/inspector-options';
import type {Listener} from '../listen/listener';
import type {ListenOptions, Notification, Subscription} from '../listen/notification';
import {notifyQuery} from '../listen/notify';
import {observed} from '../queries/observed';
import {isGrouped, isMany, isUndescribed, planQuery, stepsOf} from '../queries/planned-query';
import type {PlannedQuery} from '../queries/planned-query';
import {poolStats} from './pool-stats';
import type {PoolLimits, PoolStats} from './pool-stats';
import type {PoolQueries} from './pool-queries';
import {isObserved} from '../telemetry/query-handlers';
import {lastRows} from '../queries/query-call';
import type {Answer} from '../queries/query-call';
import {QueryableType} from '../api/queryable';
import type {
  AnotherPoolOptions,
  Connection,
  ConnectionPool,
  CopyOptions,
  DisposeOptions,
  PipelineOutcome,
  QueryNodeStreamOptions,
  QueryOptions,
  QueryStreamOptions,
  ResultRow,
  Transaction,
  TransactionOptions,
} from '../api/queryable';
import type {RowReader} from '../streams/row-reader';
import {rowsOf} from '../streams/row-reader';
import {inOrder} from './pipeline-order';
import {rowReadable} from '../streams/row-readable';
import {answerOfEach, stepsWith} from '../queries/grouped-answers';
import {runTransaction} from '../transactions/transaction';
import type {TypeParsers} from '../values/type-parsers';
import {WorkInSteps} from './work-in-steps';

export interface PoolParts {
  readonly environment: Environment;
  readonly pool: Pool<WireConnection>;
  readonly queries: PoolQueries;
  readonly limits: PoolLimits;
  readonly idleTimeoutMillis: number;
  readonly typeParsers: TypeParsers;
  readonly createListener: () => Listener;
  readonly another: (options: AnotherPoolOptions) => ConnectionPool;
  readonly createInspector: CreateInspector;
}

export class PoolClient implements ConnectionPool {
  readonly type = QueryableType.ConnectionPool;
  readonly sql: SQL = sql;
  readonly options: {readonly idleTimeoutMillis: number};
  readonly #environment: Environment;
  readonly #pool: Pool<WireConnection>;
  readonly #queries: PoolQueries;
  readonly #typeParsers: TypeParsers;
  readonly #limits: PoolLimits;
  readonly #createListener: () => Listener;
  readonly #createInspector: CreateInspector;
  readonly #another: (options: AnotherPoolOptions) => ConnectionPool;
  #listener: Listener | undefined;
  readonly #steps = new WorkInSteps();
  #disposed: Promise<void> | undefined;

  constructor(parts: PoolParts) {
    this.#environment = parts.environment;
    this.#pool = parts.pool;
    this.#queries = parts.queries;
    this.#limits = parts.limits;
    this.options = {idleTimeoutMillis: parts.idleTimeoutMillis};
    this.#typeParsers = parts.typeParsers;
    this.#createListener = parts.createListener;
    this.#another = parts.another;
    this.#createInspector = parts.createInspector;
  }

  query(query: SQLQuery, options?: QueryOptions): Promise<ResultRow[]>;
  query(queries: readonly SQLQuery[], options?: QueryOptions): Promise<ResultRow[][]>;
  query(
    query: SQLQuery | readonly SQLQuery[],
    options?: QueryOptions,
  ): Promise<ResultRow[] | ResultRow[][]> {
    try {
      this.#assertUsable();
      const {ready} = this.#typeParsers;
      if (ready !== undefined) return ready.then(() => this.#query(query, options));
      return this.#query(query, options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  queryStream(query: SQLQuery, options: QueryStreamOptions = {}): AsyncIterable<ResultRow> {
    return rowsOf(() => this.#reader(query, options.batchSize, options.signal), options.signal);
  }

  queryNodeStream(query: SQLQuery, options: QueryNodeStreamOptions = {}): Readable {
    const rows = options.batchSize ?? options.highWaterMark;
    return rowReadable(() => this.#reader(query, rows, undefined), options.highWaterMark);
  }

  async copyFrom(query: SQLQuery, source: CopySource, options: CopyOptions = {}): Promise<number> {
    this.#assertUsable();
    const {ready} = this.#typeParsers;
    if (ready !== undefined) await ready;
    const statement = copyStatementOf(query, this.#environment, 'from');
    const copy = {query, statement, source: new SourceReader(source)};
    options.signal?.throwIfAborted();
    const held = await this.#queries.hold('copy', options.signal);
    const client = new ConnectionClient(this.#environment, held.connection);
    return runInside(held.owner, () =>
      client.copies.fromAlone(copy, options.signal, () => void held.release()),
    );
  }

  copyTo(query: SQLQuery, options: CopyOptions = {}): Readable {
    const statement = copyStatementOf(query, this.#environment, 'to');
    return copyReadable(async (events) => {
      this.#assertUsable();
      const {held, client} = await this.#hold('copy', options.signal);
      return client.copies.toAlone({query, statement, events}, () => void held.release());
    }, options.signal);
  }

  /** A connection for one caller, once the program's types are known. A task, of which there are many, does it itself. */
  async #hold(label: AcquirePurpose, signal: AbortSignal | undefined) {
    const {ready} = this.#typeParsers;
    if (ready !== undefined) await ready;
    const held = await this.#queries.hold(label, signal);
    return {held, client: new ConnectionClient(this.#environment, held.connection)};
  }

  async task<T>(fn: (connection: Connection) => Promise<T>): Promise<T> {
    this.#assertUsable();
    const {ready} = this.#typeParsers;
    // Asked for before anything else can happen, so that a dispose() right behind it waits for it.
    if (ready !== undefined) await ready;
    const held = await this.#queries.hold('task');
    const client = new ConnectionClient(this.#environment, held.connection);
    try {
      return await runInside(held.owner, () => client.run(fn));
    } finally {
      await held.release();
    }
  }

  async tx<T>(
    fn: (transaction: Transaction) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T> {
    this.#assertUsable();
    const {ready} = this.#typeParsers;
    if (ready !== undefined) await ready;
    return runTransaction(this.#environment, fn, options, () =>
      this.#queries.hold('transaction', options?.signal),
    );
  }

  async pipeline(
    queries: readonly (SQLQuery | readonly SQLQuery[])[],
    options?: QueryOptions,
  ): Promise<PipelineOutcome[]> {
    this.#assertUsable();
    const {ready} = this.#typeParsers;
    if (ready !== undefined) await ready;
    if (options?.signal === undefined) {
      const shared = this.#queries.runPipeline(queries);
      if (shared !== undefined) return shared;
    }
    const {held, client} = await this.#hold('pipeline', options?.signal);
    try {
      // What is sent without waiting in between is one write (flush-queue.ts).
      return await inOrder(
        queries.map((query) =>
          isMany(query) ? client.query(query, options) : client.query(query, options),
        ),
      );
    } finally {
      await held.release();
    }
  }

  disconnect(reason: string): void {
    this.#pool.disconnect(
      new ConnectionError(`the connection was ended by pool.disconnect(): ${reason}`, {
        code: 'PG_CONNECTION_LOST',
        sent: 'no',
      }),
    );
  }

  another(options: AnotherPoolOptions = {}): ConnectionPool {
    return this.#another(options);
  }

  async addPostCommitStep(fn: () => Promise<unknown>): Promise<void> {
    this.#assertUsable();
    await fn();
  }

  async notify(channel: string, payload?: string): Promise<void> {
    await this.query(notifyQuery(channel, payload));
  }

  async listen(
    channel: string,
    handler: (notification: Notification) => unknown,
    options?: ListenOptions,
  ): Promise<Subscription> {
    this.#assertUsable();
    this.#listener ??= this.#createListener();
    return this.#listener.listen(channel, handler, options);
  }

  async registerTypeParser<T>(
    type: number | string,
    parser: (text: string) => T,
  ): Promise<(text: string) => T> {
    this.#assertUsable();
    return this.#typeParsers.set(type, parser);
  }

  async getTypeParser(type: number | string): Promise<(text: string) => unknown> {
    this.#assertUsable();
    return this.#typeParsers.get(type);
  }

  parseArray(text: string, parseElement?: (text: string) => unknown): unknown[] {
    return parseArray(text, parseElement);
  }

  parseComposite(text: string): (string | null)[] {
    return parseComposite(text);
  }

  stats(): PoolStats {
    return poolStats(this.#pool, this.#environment, this.#limits);
  }

  inspector(options: InspectorOptions = {}): InspectorHandler {
    return this.#createInspector(() => this.stats(), options, this.#environment.report);
  }

  on(event: 'release', listener: () => void): () => void {
    return this.#environment.releases.on(event, listener);
  }

  get disposed(): boolean {
    return this.#disposed !== undefined;
  }

  async dispose({timeoutMilliseconds}: DisposeOptions = {}): Promise<void> {
    if (timeoutMilliseconds !== undefined) {
      this.#pool.limitClosing(assertMilliseconds(timeoutMilliseconds));
    }
    this.#disposed ??= this.#close();
    await this.#disposed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async #close(): Promise<void> {
    const listenerEnded = this.#listener?.end();
    const {ready} = this.#typeParsers;
    // What waits for the parsers has been asked for before, so it still gets its connection.
    if (ready !== undefined) await ready.catch(() => undefined);
    await this.#steps.ended();
    await Promise.all([this.#pool.close(), listenerEnded]);
  }

  #assertUsable(): void {
    if (this.#disposed === undefined) return;
    throw new UsageError(
      'this connection pool was disposed; create the pool once for the life of the application and dispose it when the process ends',
      {code: 'PG_USED_AFTER_END'},
    );
  }

  #query(
    query: SQLQuery | readonly SQLQuery[],
    options: QueryOptions | undefined,
  ): Promise<ResultRow[] | ResultRow[][]> {
    if (isMany(query)) {
      const planned = query.map((each, index) => planQuery(each, this.#environment, index));
      return this.#observe(planned, answerOfEach(planned), options);
    }
    if (options === undefined) {
      const rows = this.#queries.runPlain(query);
      if (rows !== undefined) return rows;
    }
    return this.#observe([planQuery(query, this.#environment)], lastRows, options);
  }

  #observe<T>(
    queries: readonly PlannedQuery[],
    answer: Answer<T>,
    options: QueryOptions | undefined,
  ): Promise<T> {
    // What runs in groups is told of by the transaction that it runs in.
    if (!isObserved(this.#environment.handlers) || isGrouped(queries)) {
      return this.#run(queries, answer, options);
    }
    const {current} = this.#environment.traceTarget;
    return observed(this.#environment, current, queries, answer, (told) =>
      this.#run(queries, told, options),
    );
  }

  async #run<T>(
    queries: readonly PlannedQuery[],
    answer: Answer<T>,
    options: QueryOptions | undefined,
  ): Promise<T> {
    // What a later statement means may depend on an earlier one: they are asked about in turn.
    if (isGrouped(queries)) {
      return this.#steps.until(this.#runInTransaction(queries, answer, options));
    }
    const only = queries[0]?.plan.only;
    if (only !== undefined && queries.some(isUndescribed)) {
      return this.#steps.until(
        this.#queries.describe(only).then(() => this.#runDescribed(queries, answer, options)),
      );
    }
    return this.#runDescribed(queries, answer, options);
  }

  #runDescribed<T>(
    queries: readonly PlannedQuery[],
    answer: Answer<T>,
    options: QueryOptions | undefined,
  ): Promise<T> {
    const own = queries.flatMap(stepsOf);
    if (own.length === 0) return Promise.resolve(answer(own));
    const cost = queries.length === 1 ? queries[0]?.plan.only?.cost : undefined;
    return this.#queries.run(own, cost, answer, options);
  }

  #runInTransaction<T>(
    queries: readonly PlannedQuery[],
    answer: Answer<T>,
    options: QueryOptions | undefined,
  ): Promise<T> {
    const signal = options?.signal;
    return runTransaction(
      this.#environment,
      async (transaction) => {
        const rows: Row[][] = await transaction.query(queries.map((planned) => planned.query));
        return answer(stepsWith(queries, rows));
      },
      signal === undefined ? {} : {signal},
      () => this.#queries.hold('query', signal),
    );
  }

  async #reader(
    query: SQLQuery,
    batchRows: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<RowReader> {
    this.#assertUsable();
    const {held, client} = await this.#hold('stream', signal);
    try {
      return await client.readAlone(query, batchRows, () => void held.release());
    } catch (error) {
      await held.release();
      throw error;
    }
  }
}

function assertMilliseconds(value: number): number {
  if (value >= 0) return value;
  throw new UsageError(`timeoutMilliseconds is a number from 0 on, not ${String(value)}`, {
    code: 'PG_INVALID_ARGUMENT',
  });
}
