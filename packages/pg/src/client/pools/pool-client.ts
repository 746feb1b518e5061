/**
 * The connection pool as programs see it.
 *
 * A query goes to whichever connection is right for it; tasks, transactions and streams hold one for themselves. No
 * connection is opened before the first of them, and idle ones do not keep the process alive.
 */
import type {Readable} from 'node:stream';
import sql from '@databases/sql';
import type {SQL, SQLQuery} from '@databases/sql';
import type {Connection as WireConnection} from '../../connection';
import {ConnectionError, UsageError} from '../../errors';
import type {Pool} from '../../pool';
import {parseArray, parseComposite} from '../../types';
import type {CreateInspector, InspectorHandler, InspectorOptions} from '../api/inspector-options';
import type {PoolLimits, PoolStats} from '../api/pool-stats';
import {QueryableType} from '../api/queryable';
import type {
  AnotherPoolOptions,
  Connection,
  ConnectionPool,
  CopyOptions,
  DisposeOptions,
  PipelineOutcome,
  QueryHearer,
  QueryNodeStreamOptions,
  QueryOptions,
  QueryStreamOptions,
  ResultRow,
  RowStream,
  Transaction,
  TransactionOptions,
} from '../api/queryable';
import {runInside} from '../callers/context';
import type {CopySource} from '../copies/copy-source';
import type {Listener} from '../listen/listener';
import type {ListenOptions, Notification, Subscription} from '../listen/notification';
import {notifyQuery} from '../listen/notify';
import type {Environment} from '../queries/environment';
import {answerOfEach} from '../queries/grouped-answers';
import {isMany, planQuery} from '../queries/planned-query';
import {lastRows} from '../queries/query-call';
import {runTransaction} from '../transactions/transaction';
import type {TypeParsers} from '../values/type-parsers';
import {ConnectionClient} from './connection-client';
import {inOrder} from './pipeline-order';
import {PlannedQueries} from './planned-queries';
import type {PoolQueries} from './pool-queries';
import {poolStats} from './pool-stats';
import {PoolStreams} from './pool-streams';

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
  readonly #planned: PlannedQueries;
  readonly #streams: PoolStreams;
  #disposed: Promise<void> | undefined;

  constructor(parts: PoolParts) {
    this.#environment = parts.environment;
    this.#pool = parts.pool;
    this.#queries = parts.queries;
    this.#planned = new PlannedQueries(parts.environment, parts.queries);
    this.#streams = new PoolStreams(parts.environment, parts.queries, parts.typeParsers, () =>
      this.#assertUsable(),
    );
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

  queryStream(query: SQLQuery, options?: QueryStreamOptions): RowStream {
    return this.#streams.queryStream(query, options);
  }

  queryNodeStream(query: SQLQuery, options?: QueryNodeStreamOptions): Readable {
    return this.#streams.queryNodeStream(query, options);
  }

  copyFrom(query: SQLQuery, source: CopySource, options?: CopyOptions): Promise<number> {
    return this.#streams.copyFrom(query, source, options);
  }

  copyTo(query: SQLQuery, options?: CopyOptions): Readable {
    return this.#streams.copyTo(query, options);
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
    const {held, client} = await this.#streams.hold('pipeline', options?.signal);
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

  queryHeard(query: SQLQuery, hearer: QueryHearer): Promise<ResultRow[]> | undefined {
    if (this.#disposed !== undefined || this.#typeParsers.ready !== undefined) return undefined;
    return this.#queries.runHeard(query, hearer);
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
    await this.#planned.ended();
    const closed = this.#pool.close();
    if (listenerEnded !== undefined) await listenerEnded;
    await closed;
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
      return this.#planned.run(planned, answerOfEach(planned), options);
    }
    if (options === undefined) {
      const rows = this.#queries.runPlain(query);
      if (rows !== undefined) return rows;
    }
    return this.#planned.run([planQuery(query, this.#environment)], lastRows, options);
  }
}

function assertMilliseconds(value: number): number {
  if (value >= 0) return value;
  throw new UsageError(`timeoutMilliseconds is a number from 0 on, not ${String(value)}`, {
    code: 'PG_INVALID_ARGUMENT',
  });
}
