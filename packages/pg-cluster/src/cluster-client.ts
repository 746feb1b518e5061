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
  SQLQuery,
  Subscription,
  Transaction,
  TransactionOptions,
} from '@databases/pg';
import sql, {isSqlQuery} from '@databases/sql';
import type {SQL} from '@databases/sql';
import type {Cluster, ClusterEvents, ClusterNodeState, Routed, SessionOptions} from './cluster-api';
import type {EventHub} from './cluster-events';
import {SessionScope} from './consistency/scope';
import {decodeToken, encodeToken} from './consistency/token';
import type {ClusterNode} from './node';
import {readableFrom, streamFrom} from './pinned-stream';
import type {StreamPlace} from './pinned-stream';
import type {PrimaryWork} from './primary-work';
import type {Reads} from './reads';
import {wasNeverSent} from './rerun';
import type {StatementRouter} from './routing/statement-router';
import type {Verdict} from './routing';
import type {Sessions} from './sessions';
import type {ClusterState} from './topology/cluster-state';
import {nodeStates} from './topology/node-states';

export interface ClusterParts {
  readonly state: ClusterState;
  readonly events: EventHub;
  readonly router: StatementRouter;
  readonly sessions: Sessions;
  readonly primary: PrimaryWork;
  readonly reads: Reads;
}

const BY_PROGRAM: Record<'primary' | 'replica', Verdict> = {
  primary: {target: 'primary', rule: 'byProgram'},
  replica: {target: 'replica', rule: 'byProgram'},
};

export class ClusterClient implements Cluster {
  readonly type = QueryableType.Cluster;
  readonly sql: SQL = sql;
  readonly #state: ClusterState;
  readonly #events: EventHub;
  readonly #router: StatementRouter;
  readonly #sessions: Sessions;
  readonly #primary: PrimaryWork;
  readonly #reads: Reads;
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
    if (this.#ready && options === undefined && isSqlQuery(query)) {
      if (this.#verdict(query, undefined).target === 'replica') {
        const rows = this.#reads.quick(query, this.#sessions.current);
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
    const verdict = this.#verdict(query, options);
    const scope = this.#sessions.current;
    const own = queryOptionsOf(options);
    if (verdict.target === 'replica') return this.#reads.query(query, own, scope);
    let rows: ResultRow[];
    try {
      rows = await this.#primary.run((node) => {
        if (this.#sessions.tracks) return this.#sessions.write(scope, node, query, own);
        return isMany(query) ? node.pool.query(query, own) : node.pool.query(query, own);
      });
    } catch (error) {
      if (!wasNeverSent(error)) this.#ran(query, verdict);
      throw error;
    }
    this.#ran(query, verdict);
    return rows;
  }

  queryStream(
    query: SQLQuery,
    options: QueryStreamOptions & Routed = {},
  ): AsyncIterable<ResultRow> {
    return streamFrom(
      () => this.#placeOfStream(query, options),
      (node) => node.pool.queryStream(query, options),
    );
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
    return this.#work((node) => node.pool.copyFrom(query, source, options));
  }

  copyTo(query: SQLQuery, options?: CopyOptions): Readable {
    const data = streamFrom<Buffer>(
      () => this.#placeOnPrimary(),
      (node) => node.pool.copyTo(query, options),
    );
    return readableFrom(data, false, undefined);
  }

  async task<T>(fn: (connection: Connection | Transaction) => Promise<T>): Promise<T> {
    return this.#work((node, begins) =>
      node.pool.task((connection) => this.#inside(() => fn(connection), begins)),
    );
  }

  async tx<T>(
    fn: (transaction: Transaction) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    if (!this.#ready) await this.#meet();
    const scope = this.#sessions.current;
    // A serializable transaction is refused by a standby.
    if (options.readOnly === true && options.isolationLevel !== IsolationLevel.SERIALIZABLE) {
      const node = await this.#reads.pin(scope);
      if (node !== undefined) return this.#readOnlyTx(node, fn, options);
    }
    return this.#work((node, begins) =>
      node.pool.tx(async (transaction) => {
        // Before the steps that the callback adds: they read what it has written.
        if (options.readOnly !== true) {
          await transaction.addPostCommitStep(() => this.#sessions.learn(scope, node));
        }
        return this.#inside(() => fn(transaction), begins);
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
    options?: ListenOptions,
  ): Promise<Subscription> {
    if (!this.#ready) await this.#meet();
    return this.#primary.run((node) => node.pool.listen(channel, handler, options));
  }

  session<T>(fn: () => Promise<T>): Promise<T>;
  session<T>(options: SessionOptions, fn: () => Promise<T>): Promise<T>;
  async session<T>(first: SessionOptions | (() => Promise<T>), second?: () => Promise<T>) {
    this.#assertUsable();
    const fn = typeof first === 'function' ? first : second;
    if (fn === undefined) {
      throw new UsageError('session() takes a function, or options and a function', {
        code: 'PG_INVALID_ARGUMENT',
      });
    }
    const after = typeof first === 'function' ? undefined : first.after;
    const token = after === undefined ? undefined : decodeToken(after);
    return this.#sessions.run(new SessionScope(token), fn);
  }

  async token(): Promise<string> {
    if (!this.#ready) await this.#meet();
    const scope = this.#sessions.current;
    if (scope.token === undefined || scope.pinned) {
      await this.#primary.run((node) => this.#sessions.ask(scope, node), undefined, true);
    }
    if (scope.token === undefined) throw new Error('the primary told no position');
    return encodeToken(scope.token);
  }

  async explain(query: SQLQuery): Promise<Verdict> {
    if (!this.#ready) await this.#meet();
    return this.#verdict(query, undefined);
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

  dispose(): Promise<void> {
    this.#disposed ??= this.#close();
    return this.#disposed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async #close(): Promise<void> {
    this.#ready = false;
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
    if (pool === undefined) throw new Error('a cluster has at least one node');
    return pool;
  }

  #verdict(query: SQLQuery | readonly SQLQuery[], options: Routed | undefined): Verdict {
    if (options?.on !== undefined) return BY_PROGRAM[options.on];
    if (this.#router.stale) void this.#router.refresh();
    if (!isMany(query)) {
      // What is no query is told so by the pool.
      return isSqlQuery(query) ? this.#router.verdict(query) : BY_PROGRAM.primary;
    }
    for (const each of query) {
      const verdict = this.#verdict(each, undefined);
      if (verdict.target === 'primary') return verdict;
    }
    return BY_PROGRAM.replica;
  }

  #ran(query: SQLQuery | readonly SQLQuery[], verdict: Verdict): void {
    if (isMany(query)) for (const each of query) this.#ran(each, this.#verdict(each, undefined));
    else if (isSqlQuery(query)) this.#router.ran(query, verdict);
  }

  /** Work on the primary that may write, and that cannot be repeated once its callback has begun. */
  async #work<T>(work: (node: ClusterNode, begins: () => void) => Promise<T>): Promise<T> {
    if (!this.#ready) await this.#meet();
    const scope = this.#sessions.current;
    let begun = false;
    return this.#primary.run(
      async (node) => {
        try {
          return await work(node, () => {
            begun = true;
          });
        } finally {
          await this.#sessions.learn(scope, node);
        }
      },
      (error) => !begun && wasNeverSent(error),
    );
  }

  /** What a callback reads beside its connection is to see what it writes on it: on the primary. */
  #inside<T>(fn: () => Promise<T>, begins: () => void): Promise<T> {
    begins();
    return this.#sessions.run(new SessionScope(undefined, true), fn);
  }

  async #readOnlyTx<T>(
    node: ClusterNode,
    fn: (transaction: Transaction) => Promise<T>,
    options: TransactionOptions,
  ): Promise<T> {
    node.inFlight++;
    try {
      return await node.pool.tx(fn, options);
    } catch (error) {
      this.#reads.lost(node, error);
      throw error;
    } finally {
      node.inFlight--;
    }
  }

  async #placeOfStream(query: SQLQuery, options: Routed): Promise<StreamPlace> {
    if (!this.#ready) await this.#meet();
    const verdict = this.#verdict(query, options);
    const node =
      verdict.target === 'replica' ? await this.#reads.pin(this.#sessions.current) : undefined;
    if (node === undefined) return this.#placeOnPrimary();
    return {node, ended: (error) => this.#reads.lost(node, error)};
  }

  async #placeOnPrimary(): Promise<StreamPlace> {
    if (!this.#ready) await this.#meet();
    const scope = this.#sessions.current;
    const node = await this.#primary.run(async (primary) => primary);
    return {
      node,
      ended: async (error) => {
        this.#reads.lost(node, error);
        await this.#sessions.learn(scope, node);
      },
    };
  }
}

function isMany(query: SQLQuery | readonly SQLQuery[]): query is readonly SQLQuery[] {
  return Array.isArray(query);
}

function queryOptionsOf(options: (QueryOptions & Routed) | undefined): QueryOptions | undefined {
  return options?.signal === undefined ? undefined : {signal: options.signal};
}
