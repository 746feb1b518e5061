/** The public shape of a cluster. Types only. */
import type {Connection, CopyOptions, CopySource, ConnectionPool, ListenOptions, Notification, QueryNodeStreamOptions, QueryOptions, QueryStreamOptions, Queryable, QueryableType, ResultRow, RowStream, SQLQuery, Subscription, Transaction, TransactionOptions} from '@databases/pg';
import type {Readable} from 'node:stream';
import type {NodePhase} from '../health/node-phase';
import type {Target, Verdict} from '../routing';

/**
 * What a read is sure to see.
 * - `session`: all that was written before in its session; outside of `db.session()` the process is one session.
 * - `monotonic`: that, and all that an earlier read of its session has seen.
 * - `strong`: all that any program has committed before the read began. Each read asks the primary first.
 * - `eventual`: nothing for sure; at most `maxLagMilliseconds` behind, as far as is known.
 */
export type Consistency = 'session' | 'eventual' | 'monotonic' | 'strong';

export interface ClusterOptions {
  /** Default `session`. */
  readonly consistency?: Consistency;
  /** How long a read waits for a replica to have what it must see, before it goes to the primary. Default 5. */
  readonly waitMilliseconds?: number;
  /** A replica that is further behind gets no reads. Default 1000. */
  readonly maxLagMilliseconds?: number;
  /** Where reads go when no replica can serve them. Default `primary`. */
  readonly noReplica?: 'primary' | 'error';
  /**
   * The part of the primary's connections on which it serves reads in place of replicas at a time; more of them wait,
   * as long as writes do. 0: none. Default 0.5.
   */
  readonly primarySpill?: number;
  /** How long a write that was not sent waits for a primary. Default 10,000. */
  readonly failoverTimeoutMilliseconds?: number;
  /** How often each node is looked at. Default 250; 100 while there is no primary. */
  readonly probeMilliseconds?: number;
  /** Functions, views and tables that may be read on a replica whatever the catalogue says of them. */
  readonly reads?: readonly string[];
  /** Names that send a statement to the primary whatever the catalogue says of them. */
  readonly writes?: readonly string[];
  /** Decides by the text, before all rules; undefined leaves the decision to them. */
  readonly route?: (text: string) => Target | undefined;
}

/** Several addresses of which any may be the primary, and what their pools have in common. */
export interface ClusterHosts {
  /** `host` or `host:port`; an IPv6 address with a port in brackets. */
  readonly hosts: readonly string[];
  /**
   * Every address that a name leads to is a node, and the names are looked up again so often, when a node is ejected,
   * and each second while there is no primary. Two addresses must not lead to one server. Default 0: a name is one node.
   */
  readonly resolveMilliseconds?: number;
  /** The addresses of a name. Default: as the system finds them (`dns.lookup`). */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

export interface Routed {
  /** Where to run it, whatever the rules say. What is sent to a replica has to be a statement that reads. */
  readonly on?: Target;
}

export interface ClusterNodeState {
  readonly name: string;
  readonly role: 'primary' | 'replica' | 'unknown';
  readonly phase: NodePhase;
  /** Why it is not `serving`; undefined where it is. */
  readonly reason: string | undefined;
  readonly timeline: number | undefined;
  /** How far it is behind the primary; undefined where that is not known. */
  readonly lagMilliseconds: number | undefined;
  /** How much of the primary's log a replica has not replayed, by their last probes. Undefined: not known. */
  readonly lagBytes: number | undefined;
  /** Requests that were sent to it or wait for a connection. */
  readonly inFlight: number;
  /** How long its reads take, as a moving average. 0: none was measured. */
  readonly meanMilliseconds: number;
  /** How long its last probe took. Undefined: it was not answered. */
  readonly answerMilliseconds: number | undefined;
}

export interface ClusterEvents {
  /** A node is found to be a primary or a replica, and was not before. */
  role: {readonly node: string; readonly role: 'primary' | 'replica'};
  /** A node gets no more requests, until it is admitted again. */
  eject: {readonly node: string; readonly reason: string};
  admit: {readonly node: string};
  /** Another node is the primary from now on. */
  failover: {readonly from: string | undefined; readonly to: string; readonly timeline: number};
  /** A node takes writes although another has replaced it, or two take writes on one timeline. No writes go to it. */
  splitBrain: {readonly nodes: readonly string[]; readonly timeline: number};
  /** Reads wait, because replicas do not serve them and the primary serves no more than `limit` in their place. */
  spill: {readonly limit: number};
  /** What a session had written is of a timeline that has ended, so that it may be lost. Its reads go on. */
  tokenLost: {readonly token: string};
}

export interface SessionOptions {
  /** What `db.token()` gave, here or in another process: reads see all that had been written by then. */
  readonly after?: string;
}

export interface Cluster extends Queryable, AsyncDisposable {
  readonly type: QueryableType.Cluster;
  /** The pool of the node that is the primary now. */
  readonly primary: ConnectionPool;
  /** The pool of a replica that serves reads now, another one each time; the primary's where there is none. */
  readonly replica: ConnectionPool;

  query(query: SQLQuery, options?: QueryOptions & Routed): Promise<ResultRow[]>;
  query(queries: readonly SQLQuery[], options?: QueryOptions & Routed): Promise<ResultRow[][]>;
  queryStream(query: SQLQuery, options?: QueryStreamOptions & Routed): RowStream;
  queryNodeStream(query: SQLQuery, options?: QueryNodeStreamOptions & Routed): Readable;
  /**
   * On the primary, or with `readOnly` on a replica; `on` says which. Where the replica fails, it is run on another node:
   * if its callback had not begun, or if `retrySerializationFailures` says that it may run again.
   */
  tx<T>(
    fn: (transaction: Transaction) => Promise<T>,
    options?: TransactionOptions & Routed,
  ): Promise<T>;
  /** On the primary, unless `on` says `replica`. */
  task<T>(fn: (connection: Connection | Transaction) => Promise<T>, options?: Routed): Promise<T>;
  /** On the primary. */
  copyFrom(query: SQLQuery, source: CopySource, options?: CopyOptions): Promise<number>;
  /** On the primary. */
  copyTo(query: SQLQuery, options?: CopyOptions): Readable;
  /**
   * On the primary. After a failover on the one that has taken over: `onGap` is called when it listens, with the last
   * moment until which all had arrived.
   */
  listen(
    channel: string,
    handler: (notification: Notification) => unknown,
    options?: ListenOptions,
  ): Promise<Subscription>;

  /** Runs `fn` as a session of its own: reads in it see what was written in it. */
  session<T>(fn: () => Promise<T>): Promise<T>;
  session<T>(options: SessionOptions, fn: () => Promise<T>): Promise<T>;
  /** What this session has written, for `session({after})` anywhere. A string of some 60 letters, digits, - and _. */
  token(): Promise<string>;
  /** Where a statement would go, and by which rule. Runs nothing. */
  explain(query: SQLQuery): Promise<Verdict>;
  nodes(): ClusterNodeState[];
  /** Gives the function that ends it. An error that a listener throws becomes a warning of the process. */
  on<Name extends keyof ClusterEvents>(
    event: Name,
    listener: (details: ClusterEvents[Name]) => void,
  ): () => void;
  /** `dispose()` was called: the cluster takes no more work. */
  readonly disposed: boolean;
  /** Takes no more work, waits for the work under way and disposes of the pools, those that were given as well. */
  dispose(): Promise<void>;
}
