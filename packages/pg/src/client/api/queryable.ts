/** The public shape of everything that queries: pool, connection and transaction. Types only. */
import type {Readable} from 'node:stream';
import type {SQL, SQLQuery} from '@databases/sql';
import type {CopySource} from '../copies/copy-source';
import type {ListenOptions, Notification, Subscription} from '../listen/notification';
import type {AdvisoryLockKey} from './advisory-lock-key';
import type {InspectorHandler, InspectorOptions} from './inspector-options';
import type {PoolStats} from './pool-stats';

/** What a `Queryable` is, as its `type` says. */
export enum QueryableType {
  Transaction = 'transaction',
  Connection = 'connection',
  ConnectionPool = 'connection_pool',
  Cluster = 'cluster',
}

/** https://www.postgresql.org/docs/current/transaction-iso.html. Postgres treats READ_UNCOMMITTED as READ_COMMITTED. */
export enum IsolationLevel {
  READ_UNCOMMITTED = 'READ_UNCOMMITTED',
  READ_COMMITTED = 'READ_COMMITTED',
  REPEATABLE_READ = 'REPEATABLE_READ',
  SERIALIZABLE = 'SERIALIZABLE',
}

/**
 * A row, by column name. The column types are the database's to know, so the type is `any`, as it always
 * was in this API: programs assign rows to the types they expect (docs/design/rows-are-any.md).
 */
// oxlint-disable-next-line typescript/no-explicit-any
export type ResultRow = any;

export interface QueryOptions {
  /** Aborting cancels the query on the server and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Hears how a query ends, once, before whoever awaits it does. Called outside of the caller's asynchronous context. */
export interface QueryHearer {
  /** It was answered. What this throws is what the query rejects with. */
  succeeded(): void;
  /** It failed. Gives the rows that its caller gets all the same, or throws what the caller is told. */
  failed(error: unknown): ResultRow[] | Promise<ResultRow[]>;
}

/** What became of one query of a pipeline. */
export type PipelineOutcome = PromiseSettledResult<ResultRow[]> & {
  /** It ran before a query that stands in front of it, which had to be sent once more. */
  readonly early?: true;
};

export interface QueryStreamOptions {
  /** How many rows are read at a time. Default 16. */
  readonly batchSize?: number;
  /** Aborting cancels the query on the server and ends the iteration with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The rows of a query as they come, to be read once. Disposing of them ends the query on the server. */
export interface RowStream extends AsyncIterable<ResultRow>, AsyncDisposable {}

export interface QueryNodeStreamOptions {
  /** How many rows the stream buffers. Default 16, as of every object stream of Node. */
  readonly highWaterMark?: number;
  /** How many rows are read at a time. Default: `highWaterMark`. */
  readonly batchSize?: number;
}

export interface DisposeOptions {
  /**
   * How long the work under way may take. After that its connections are closed as they are, it is rejected
   * (`PG_USED_AFTER_END`, `PG_CONNECTION_LOST`), and `onError` is told who held a connection. Default: no limit.
   */
  readonly timeoutMilliseconds?: number;
}

export interface CopyOptions {
  /** Aborting cancels the copy on the server and ends it with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface TransactionOptions {
  /** Default: the server's `default_transaction_isolation`, READ COMMITTED unless changed. */
  readonly isolationLevel?: IsolationLevel;
  /** Postgres refuses statements that write. Default: the server's `default_transaction_read_only`. */
  readonly readOnly?: boolean;
  /** Only of effect for SERIALIZABLE READ ONLY: wait for a snapshot that cannot fail. */
  readonly deferrable?: boolean;
  /**
   * Run the callback again when Postgres could not serialize the transaction (SQLSTATE 40001). `true`
   * means up to 10 times. The callback must be fit to be run more than once.
   */
  readonly retrySerializationFailures?: boolean | number;
  /** For this transaction: milliseconds, 0 = none. */
  readonly statementTimeoutMilliseconds?: number;
  /** For this transaction: milliseconds, 0 = none. Postgres 17 and later. */
  readonly transactionTimeoutMilliseconds?: number;
  /** For this transaction: milliseconds, 0 = none. */
  readonly lockTimeoutMilliseconds?: number;
  /** For this transaction: milliseconds, 0 = none. */
  readonly idleInTransactionSessionTimeoutMilliseconds?: number;
  /** Aborting cancels what runs, rolls back and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** As in the configuration of the pool. */
export interface AnotherPoolOptions {
  readonly poolSize?: number;
  readonly queryTimeoutMilliseconds?: number;
  readonly queueTimeoutMilliseconds?: number;
  readonly idleTimeoutMilliseconds?: number;
  readonly onError?: (error: Error) => void;
  readonly onConnectionClosed?: (reason?: Error) => void;
}

/** What can run queries: a pool, a connection of `task`, a transaction of `tx`, a cluster. */
export interface Queryable {
  readonly type: QueryableType;
  /** The tag that queries are made with, the same as `import {sql}`. */
  readonly sql: SQL;

  /**
   * Runs a query and gives its rows; of several statements in one text, the rows of the last.
   *
   * A text of several statements, and an array of queries, runs in a transaction: all of it or nothing.
   * On a pool an array is one round trip. An empty text or array gives `[]` without asking the server.
   *
   * @throws {UsageError} `PG_NOT_A_QUERY`: not made with `sql`. `PG_USED_AFTER_END`. Nothing was sent.
   * @throws {ValueError} A parameter that cannot be sent, or a value of the result that cannot be read.
   * @throws {DatabaseError} The server refused it; `code` is the SQLSTATE.
   * @throws {ConnectionError} `sent` says whether it may have taken effect.
   * @throws {TimeoutError} An option's limit was reached.
   */
  query(query: SQLQuery, options?: QueryOptions): Promise<ResultRow[]>;
  /** The rows of each query, in their order. All of them take effect, or none. Else as with one query. */
  query(queries: readonly SQLQuery[], options?: QueryOptions): Promise<ResultRow[][]>;

  /**
   * Runs a query and gives its rows as they come, reading on only as they are consumed. Leaving the loop
   * early, throwing in it, aborting or disposing of the stream (`await using`) ends the query on the server. Starts when
   * iteration starts.
   */
  queryStream(query: SQLQuery, options?: QueryStreamOptions): RowStream;

  /** As `queryStream`, as a Readable in object mode. Destroying it ends the query on the server. */
  queryNodeStream(query: SQLQuery, options?: QueryNodeStreamOptions): Readable;

  /**
   * Stores many rows at once: runs `COPY table (columns) FROM STDIN` with the data of `source`, and gives how many
   * rows were stored. All of them are, or none.
   *
   * Rows are arrays of values in the order of the columns, or objects by column name; values are those that
   * parameters take, and `undefined` is an error. Where the statement names no format, they go in Postgres' binary
   * format if it is known for all columns, else as text. Strings and `Uint8Array`s are not rows but pieces of the data,
   * in the format that the statement names; where they are cut does not matter.
   *
   * The source is read as fast as the server stores, and is closed when the copy ends before its time. The copy has a
   * connection for itself while it lasts; `queryTimeoutMilliseconds` does not end it.
   *
   * @throws {ValueError} A value that cannot be sent; the message names row and column. Nothing was stored.
   * @throws {UsageError} `PG_INVALID_ARGUMENT`: not such a statement, or it does not go with the source.
   * @throws {DatabaseError} The server refused it; message and `where` say at which line. Nothing was stored.
   * @throws What the source throws, unchanged. Nothing was stored.
   */
  copyFrom(query: SQLQuery, source: CopySource, options?: CopyOptions): Promise<number>;

  /**
   * Reads many rows at once: runs `COPY ... TO STDOUT` and gives its data as a stream of `Buffer`s, in the format that
   * the statement names. Rows may span buffers. Starts when it is first read, and reads on only as it is consumed.
   *
   * Leaving a loop over it early, or destroying it, ends the copy on the server; inside a transaction the rest is read
   * past instead, because a cancelled statement fails its transaction. Aborting the signal cancels in any case.
   *
   * @throws {UsageError} `PG_INVALID_ARGUMENT`: not such a statement. Other errors are the stream's.
   */
  copyTo(query: SQLQuery, options?: CopyOptions): Readable;

  /** Runs `fn` with one connection for all its queries: on a pool, one that nobody else uses meanwhile. */
  task<T>(fn: (connection: Connection | Transaction) => Promise<T>): Promise<T>;

  /**
   * Runs `fn` in a transaction: COMMIT when it resolves, ROLLBACK when it throws. On a transaction: a
   * savepoint, and the options are of no effect.
   *
   * @throws What `fn` throws, after the ROLLBACK.
   * @throws {TransactionError} `PG_TRANSACTION_ROLLED_BACK`: Postgres did not commit, because a statement
   *   had failed and its error was caught; `cause` is that error. `PG_COMMIT_OUTCOME_UNKNOWN`: the
   *   connection was lost during COMMIT.
   */
  tx<T>(fn: (transaction: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;

  /**
   * Outside a transaction: runs `fn` at once. Inside: after the outermost COMMIT, when the connection is
   * back in the pool; not at all when the transaction, or the savepoint it was added in, is rolled back.
   */
  addPostCommitStep(fn: () => Promise<unknown>): Promise<void>;

  /**
   * Notifies all sessions of this database that listen to the channel. In a transaction: when it commits,
   * and not at all when it is rolled back; of several equal ones in a transaction only one is sent.
   *
   * @param channel Letter for letter, at most 63 bytes.
   * @param payload At most 7999 bytes. Default: `''`.
   * @throws {UsageError} `PG_INVALID_ARGUMENT`: a channel or payload that Postgres does not take. And as `query`.
   */
  notify(channel: string, payload?: string): Promise<void>;
}

/** One transaction, on one connection. It is over when the function that `tx` gave it to has settled. */
export interface Transaction extends Queryable {
  readonly type: QueryableType.Transaction;
  task<T>(fn: (connection: Transaction) => Promise<T>): Promise<T>;
  /** Waits for the lock; it is held until the transaction ends. */
  advisoryTxLock(key: AdvisoryLockKey): Promise<void>;
  /** As `advisoryTxLock`, beside others that hold it shared as well. */
  advisoryTxLockShared(key: AdvisoryLockKey): Promise<void>;
  /** Takes the lock if it is free. Gives whether it did. */
  tryAdvisoryTxLock(key: AdvisoryLockKey): Promise<boolean>;
  /** As `tryAdvisoryTxLock`, beside others that hold it shared as well. */
  tryAdvisoryTxLockShared(key: AdvisoryLockKey): Promise<boolean>;
}

/** One connection, for the function that `task` gave it to. */
export interface Connection extends Queryable {
  readonly type: QueryableType.Connection;
  task<T>(fn: (connection: Connection) => Promise<T>): Promise<T>;
}

/** What `createConnectionPool` makes. A program needs one for each database. */
export interface ConnectionPool extends Queryable, AsyncDisposable {
  readonly type: QueryableType.ConnectionPool;
  task<T>(fn: (connection: Connection) => Promise<T>): Promise<T>;
  /**
   * Runs queries on one connection, in order, each for itself: one that fails undoes nothing of the others and does
   * not keep those behind it from running. An array among them runs as a transaction, as with `query`. All are sent
   * in one write, so together they take one round trip once Postgres knows the statements.
   *
   * What became of each, as `Promise.allSettled` says it. Rejects only where there is no connection to be had; then
   * nothing was sent. A query that is sent once more, because its prepared statement had gone stale, comes behind the
   * others, and the outcome of each of those that it should have been in front of says `early`.
   *
   * Single statements share their connection with other queries, as `query` does. A pipeline with an array, a signal,
   * handlers, a limit of time or parameters of which the types are not known yet has one to itself.
   *
   * @throws As `query` does while it waits for a connection.
   */
  pipeline(
    queries: readonly (SQLQuery | readonly SQLQuery[])[],
    options?: QueryOptions,
  ): Promise<PipelineOutcome[]>;
  /**
   * Runs a query as `query` does, for code that runs queries on behalf of others: the hearer takes the place of a promise
   * behind each query, which costs a tenth of a short one.
   *
   * Undefined where that does not do, and nothing was sent and nothing is told then: `query` does it. So it is with
   * several statements, parameters of which the types are not known yet or that cannot be sent, handlers, a limit of
   * time, SQL comments, listeners to `release` or the diagnostics channels, in a task or transaction, and after `dispose`.
   */
  queryHeard(query: SQLQuery, hearer: QueryHearer): Promise<ResultRow[]> | undefined;
  /**
   * Ends every connection at once, without waiting for what runs on it. What was sent and is not answered rejects with
   * `sent: 'maybe'`; what was not sent, and what waits for a connection, with `sent: 'no'`. The pool can be used on:
   * the next query connects again. Subscriptions of `listen` are not touched.
   *
   * @param reason Why, for the messages of the errors.
   */
  disconnect(reason: string): void;
  /**
   * Another pool to the same database with the same options, except for those that are given here and for handlers
   * and events, which it does not have. It has connections of its own and is disposed of on its own.
   */
  another(options?: AnotherPoolOptions): ConnectionPool;
  /**
   * Reads values of a type with `parser` from now on, in arrays of the type as well.
   * @param type OID, or name (`name` or `schema.name`, in any case).
   */
  registerTypeParser<T>(
    type: number | string,
    parser: (text: string) => T,
  ): Promise<(text: string) => T>;
  /** What reads values of a type, as its text. `type` as with `registerTypeParser`. */
  getTypeParser(type: number | string): Promise<(text: string) => unknown>;
  /** Reads Postgres' text form of an array; elements are given to `parseElement` as text. */
  parseArray(text: string, parseElement?: (text: string) => unknown): unknown[];
  /** Reads Postgres' text form of a composite value. */
  parseComposite(text: string): (string | null)[];
  /**
   * Calls `handler` with every notification that is sent to the channel, in the order of the commits, until
   * the subscription is closed or the pool disposed; that long it keeps the process alive. Resolves when the
   * server listens: what is notified after that arrives.
   *
   * All subscriptions of a pool share one connection, which is opened for the first, closed after the last
   * and not counted in `poolSize`. When it is lost it is replaced, and `onGap` is called: what was notified
   * in between is gone. An error in a handler, also that of an async one, goes to `onError`.
   *
   * @param channel Letter for letter, at most 63 bytes: `Orders` is not `orders`.
   * @throws {UsageError} `PG_INVALID_ARGUMENT`: a channel that Postgres does not take. `PG_USED_AFTER_END`.
   * @throws {ConfigurationError} A pooler is in between that does not pass notifications on.
   * @throws {TimeoutError} The server did not listen within `queueTimeoutMilliseconds`.
   * @throws {ConnectionError | AuthenticationError | DatabaseError} As connecting, and LISTEN on a standby.
   */
  listen(
    channel: string,
    handler: (notification: Notification) => unknown,
    options?: ListenOptions,
  ): Promise<Subscription>;
  /**
   * What the connections of the pool are doing, now, and which statements take the most time: plain data. The
   * connection of `listen` is not among them. Cheap (it looks through at most 2000 statements), and of use after
   * `dispose`, too.
   */
  stats(): PoolStats;
  /**
   * A page that shows what `stats()` says, live: a handler for `http.createServer`, and for frameworks that take such
   * handlers. `GET /` is the page, `GET /stats.json` the data; nothing can be changed through it. It does nothing
   * between two requests.
   *
   * Unless the options say otherwise it answers only requests that come from this machine, by a name of this machine
   * (`localhost`, `127.0.0.1`, `[::1]`), and not through a proxy that says so.
   *
   * @throws {UsageError} `PG_INVALID_ARGUMENT`: an option that there is not, or of another type.
   */
  inspector(options?: InspectorOptions): InspectorHandler;
  /**
   * Calls `listener` whenever work of this pool has ended and its connection is the pool's again, in the asynchronous
   * context of whoever asked for the work; also when a connection was opened that nothing needs any more. An error in
   * it goes to `onError`. Gives the function that ends it. For platforms that freeze a process between requests: they
   * have to keep it alive until the
   * pool has closed what is idle, `options.idleTimeoutMillis` later.
   *
   * @throws {UsageError} `PG_INVALID_ARGUMENT`: another event, or no function.
   */
  on(event: 'release', listener: () => void): () => void;
  /** What `attachDatabasePool` of `@vercel/functions` reads: `idleTimeoutMilliseconds`, by the name it looks for. */
  readonly options: {readonly idleTimeoutMillis: number};
  /** `dispose()` was called: the pool takes no more work. */
  readonly disposed: boolean;
  /**
   * Takes no more work, ends all subscriptions, waits for the work under way, closes all connections in order.
   * Idempotent; of several calls, the first that sets a limit counts.
   *
   * @throws {UsageError} `PG_INVALID_ARGUMENT`: a timeout that is none. Nothing was disposed.
   */
  dispose(options?: DisposeOptions): Promise<void>;
}

/** Whether it is a transaction, of `tx`, whichever copy of this package made it. */
export function isTransaction(queryable: Queryable): queryable is Transaction {
  return queryable.type === QueryableType.Transaction;
}

/** Whether it is a connection, of `task`, whichever copy of this package made it. */
export function isConnection(queryable: Queryable): queryable is Connection {
  return queryable.type === QueryableType.Connection;
}

/** Whether it is a pool, whichever copy of this package made it. */
export function isConnectionPool(queryable: Queryable): queryable is ConnectionPool {
  return queryable.type === QueryableType.ConnectionPool;
}
