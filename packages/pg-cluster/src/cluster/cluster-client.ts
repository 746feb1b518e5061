/** The cluster as programs see it: sends each call where it belongs. The parts it stands on decide and do the rest. */
import type {Readable} from 'node:stream';
import {IsolationLevel, QueryableType, UsageError} from '@databases/pg';
import type {
  Connection,
  ConnectionPool,
  CopyOptions,
  CopySource,
  ListenOptions,
  Notification,
  QueryNodeStreamOptions,
  QueryOptions,
  QueryStreamOptions,
  ResultRow,
  RowStream,
  SQLQuery,
  Subscription,
  Transaction,
  TransactionOptions,
} from '@databases/pg';
import sql from '@databases/sql';
import type {SQL} from '@databases/sql';
import type {
  Cluster,
  ClusterEvents,
  ClusterNodeState,
  Routed,
  SessionOptions,
} from '../api/cluster-api';
import type {EventHub} from '../api/cluster-events';
import {FollowingListen} from '../calls/following-listen';
import {disposable, readableFrom, streamFrom} from '../calls/pinned-stream';
import {PinnedWork} from '../calls/pinned-work';
import type {PrimaryWork} from '../calls/primary-work';
import type {Reads} from '../calls/reads';
import type {Sessions} from '../calls/sessions';
import type {Spill} from '../calls/spill';
import type {Writes} from '../calls/writes';
import {watched, WatchedTransaction} from '../calls/watched-session';
import {SessionScope} from '../consistency/scope';
import {decodeToken, encodeToken} from '../consistency/token';
import type {Verdict} from '../routing';
import {isMany, verdictOf} from '../routing/call-verdict';
import type {StatementRouter} from '../routing/statement-router';
import type {ClusterState} from '../topology/cluster-state';
import type {Endpoints} from '../topology/endpoints';
import type {ClusterNode} from '../topology/node';
import {nodeStates} from '../topology/node-states';

export interface ClusterParts {
  readonly state: ClusterState;
  readonly events: EventHub;
  readonly router: StatementRouter;
  readonly sessions: Sessions;
  readonly primary: PrimaryWork;
  readonly reads: Reads;
  readonly writes: Writes;
  readonly spill: Spill;
  /** Where the nodes are found by names. */
  readonly endpoints: Endpoints | undefined;
}

export class ClusterClient implements Cluster {
  readonly type = QueryableType.Cluster;
  readonly sql: SQL = sql;
  readonly #state: ClusterState;
  readonly #events: EventHub;
  readonly #router: StatementRouter;
  readonly #sessions: Sessions;
  readonly #primary: PrimaryWork;
  readonly #reads: Reads;
  readonly #writes: Writes;
  readonly #pinned: PinnedWork;
  readonly #spill: Spill;
  readonly #endpoints: Endpoints | undefined;
  /** The first look at all nodes. */
  #met: Promise<void> | undefined;
  #ready = false;
  #disposed: Promise<void> | undefined;

  constructor(parts: ClusterParts) {
    this.#state = parts.state;
    this.#events = parts.events;
    this.#router = parts.router;
    this.#sessions = parts.sessions;
    this.#primary = parts.primary;
    this.#reads = parts.reads;
    this.#writes = parts.writes;
    this.#pinned = new PinnedWork(parts);
    this.#spill = parts.spill;
    this.#endpoints = parts.endpoints;
  }

  get primary(): ConnectionPool {
    return this.#poolOf(this.#state.primary);
  }

  get replica(): ConnectionPool {
    return this.#poolOf(this.#reads.choose() ?? this.#state.primary);
  }

  query(query: SQLQuery, options?: QueryOptions & Routed): Promise<ResultRow[]>;
  query(queries: readonly SQLQuery[], options?: QueryOptions & Routed): Promise<ResultRow[][]>;
  query(
    query: SQLQuery | readonly SQLQuery[],
    options?: QueryOptions & Routed,
  ): Promise<ResultRow[]> {
    if (this.#ready && options === undefined && !isMany(query)) {
      if (verdictOf(this.#router, query, undefined).target === 'replica') {
        const {only} = this.#reads;
        if (only !== undefined) return this.#reads.alone(only, query);
        const rows = this.#reads.quick(query, this.#sessions.current);
        if (rows !== undefined) return rows;
      } else {
        const rows = this.#writes.quick(query, this.#sessions.current);
        if (rows !== undefined) return rows;
      }
    }
    return this.#query(query, options);
  }

  async #query(
    query: SQLQuery | readonly SQLQuery[],
    options: (QueryOptions & Routed) | undefined,
  ): Promise<ResultRow[]> {
    if (!this.#ready) await this.#meet();
    const verdict = verdictOf(this.#router, query, options?.on);
    const scope = this.#sessions.current;
    const own = queryOptionsOf(options);
    if (verdict.target === 'replica') return this.#reads.query(query, own, scope);
    return this.#writes.query(query, own, scope);
  }

  queryStream(query: SQLQuery, options: QueryStreamOptions & Routed = {}): RowStream {
    const rows = streamFrom<ResultRow>(
      async (attempts) => {
        if (!this.#ready) await this.#meet();
        return this.#pinned.placeOfStream(query, options, attempts);
      },
      (node) => node.pool.queryStream(query, options),
    );
    return disposable(rows);
  }

  queryNodeStream(query: SQLQuery, options: QueryNodeStreamOptions & Routed = {}): Readable {
    const batchSize = options.batchSize ?? options.highWaterMark;
    const rows = this.queryStream(query, {
      ...(options.on === undefined ? {} : {on: options.on}),
      ...(batchSize === undefined ? {} : {batchSize}),
    });
    return readableFrom(rows, true, options.highWaterMark);
  }

  async copyFrom(query: SQLQuery, source: CopySource, options?: CopyOptions): Promise<number> {
    if (!this.#ready) await this.#meet();
    return this.#pinned.onPrimary((node) => node.pool.copyFrom(query, source, options));
  }

  copyTo(query: SQLQuery, options?: CopyOptions): Readable {
    const data = streamFrom<Buffer>(
      async () => {
        if (!this.#ready) await this.#meet();
        return this.#pinned.placeOnPrimary();
      },
      (node) => node.pool.copyTo(query, options),
    );
    return readableFrom(data, false, undefined);
  }

  async task<T>(
    fn: (connection: Connection | Transaction) => Promise<T>,
    options: Routed = {},
  ): Promise<T> {
    if (!this.#ready) await this.#meet();
    if (options.on === 'replica') {
      const done = await this.#pinned.onReplica(
        (node, begins) =>
          node.pool.task((connection) => {
            begins();
            return fn(connection);
          }),
        () => false,
      );
      if (done !== undefined) return done.value;
    }
    return this.#pinned.onPrimary((node, begins, hear) =>
      node.pool.task((connection) =>
        this.#pinned.inside(() => fn(watched(connection, hear)), begins),
      ),
    );
  }

  async tx<T>(
    fn: (transaction: Transaction) => Promise<T>,
    {on, ...given}: TransactionOptions & Routed = {},
  ): Promise<T> {
    if (!this.#ready) await this.#meet();
    const scope = this.#sessions.current;
    // Where none is left that it could run on, it is on the primary what it was to be.
    const options = on === 'replica' ? {...given, readOnly: true} : given;
    if (mayPin(on, options)) {
      const done = await this.#pinned.onReplica(
        (node, begins) =>
          node.pool.tx((transaction) => {
            begins();
            return fn(transaction);
          }, options),
        () => mayRunAgain(options),
      );
      if (done !== undefined) return done.value;
    }
    return this.#pinned.onPrimary((node, begins, hear) =>
      node.pool.tx(async (transaction) => {
        // Before the steps that the callback adds: they read what it has written.
        if (options.readOnly !== true) {
          await transaction.addPostCommitStep(async () => this.#sessions.wrote(scope, node));
        }
        return this.#pinned.inside(() => fn(new WatchedTransaction(transaction, hear)), begins);
      }, options),
    );
  }

  async addPostCommitStep(fn: () => Promise<unknown>): Promise<void> {
    this.#assertUsable();
    await fn();
  }

  async notify(channel: string, payload?: string): Promise<void> {
    if (!this.#ready) await this.#meet();
    await this.#primary.run((node) => node.pool.notify(channel, payload));
  }

  async listen(
    channel: string,
    handler: (notification: Notification) => unknown,
    options: ListenOptions = {},
  ): Promise<Subscription> {
    if (!this.#ready) await this.#meet();
    const parts = {state: this.#state, primary: this.#primary, events: this.#events};
    return new FollowingListen(parts, channel, handler, options).start();
  }

  session<T>(fn: () => Promise<T>): Promise<T>;
  session<T>(options: SessionOptions, fn: () => Promise<T>): Promise<T>;
  async session<T>(first: SessionOptions | (() => Promise<T>), second?: () => Promise<T>) {
    this.#assertUsable();
    const fn = typeof first === 'function' ? first : second;
    if (fn === undefined) {
      const message = 'session() takes a function, or options and a function';
      throw new UsageError(message, {code: 'PG_INVALID_ARGUMENT'});
    }
    const after = typeof first === 'function' ? undefined : first.after;
    const token = after === undefined ? undefined : decodeToken(after);
    return this.#sessions.run(new SessionScope(token), fn);
  }

  async token(): Promise<string> {
    if (!this.#ready) await this.#meet();
    const scope = this.#sessions.current;
    if (this.#sessions.owes(scope) || scope.token === undefined || scope.pinned) {
      await this.#primary.run((node) => this.#sessions.ask(scope, node), undefined, true);
    }
    if (scope.token === undefined) throw new Error('the primary told no position');
    return encodeToken(scope.token);
  }

  async explain(query: SQLQuery): Promise<Verdict> {
    if (!this.#ready) await this.#meet();
    return verdictOf(this.#router, query, undefined);
  }

  nodes(): ClusterNodeState[] {
    return nodeStates(this.#state);
  }

  on<Name extends keyof ClusterEvents>(
    event: Name,
    listener: (details: ClusterEvents[Name]) => void,
  ): () => void {
    return this.#events.on(event, listener);
  }

  get disposed(): boolean {
    return this.#disposed !== undefined;
  }

  dispose(): Promise<void> {
    return (this.#disposed ??= this.#close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async #close(): Promise<void> {
    this.#ready = false;
    this.#spill.close();
    this.#endpoints?.stop();
    await Promise.all(
      this.#state.nodes.map(async ({pool, monitor}) => {
        await monitor?.stop();
        await pool.dispose();
      }),
    );
    this.#state.close();
  }

  /** Before the first call is sent anywhere: who is the primary, and what the database has. */
  async #meet(): Promise<void> {
    this.#assertUsable();
    this.#met ??= (async () => {
      await this.#endpoints?.look();
      await Promise.all(this.#state.nodes.map(async ({monitor}) => monitor?.probeNow()));
      await this.#router.refresh();
      if (this.#disposed === undefined) this.#ready = true;
    })();
    await this.#met;
    this.#assertUsable();
  }

  #assertUsable(): void {
    if (this.#disposed === undefined) return;
    throw new UsageError(
      'this cluster was disposed; create it once for the life of the application and dispose of it when the process ends',
      {code: 'PG_USED_AFTER_END'},
    );
  }

  #poolOf(node: ClusterNode | undefined): ConnectionPool {
    const [first] = this.#state.nodes;
    const pool = node?.pool ?? first?.pool;
    if (pool === undefined) {
      throw new UsageError(
        'the names of the cluster have not been looked up; await a query, or db.token(), before asking for a pool',
        {code: 'PG_INVALID_ARGUMENT'},
      );
    }
    return pool;
  }
}

/** A serializable transaction is refused by a standby. */
function mayPin(on: Routed['on'], {readOnly, isolationLevel}: TransactionOptions): boolean {
  return on !== 'primary' && readOnly === true && isolationLevel !== IsolationLevel.SERIALIZABLE;
}

/** The callback is fit to be run more than once, and what it read may be forgotten: it has written nothing. */
function mayRunAgain({retrySerializationFailures, signal}: TransactionOptions): boolean {
  return Boolean(retrySerializationFailures) && signal?.aborted !== true;
}

function queryOptionsOf(options: (QueryOptions & Routed) | undefined): QueryOptions | undefined {
  return options?.signal === undefined ? undefined : {signal: options.signal};
}
