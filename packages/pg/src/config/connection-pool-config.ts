/**
 * The options of `createConnectionPool`. Types only: pool-options.ts checks and completes them.
 *
 * `Query` is the type of the queries that the handlers see; this folder knows nothing about queries.
 */
import type {ConnectionOptions, SocketFunction} from './options';
import type {StatementPreparation} from './resolved-config';

export type BigIntMode = 'number' | 'string' | 'bigint';

/** What a `types` function may call. Names are type names like `hstore` or `public.mood`. */
export interface TypeParserRegistry {
  getTypeParser(type: number): (text: string) => unknown;
  getTypeParser(type: string): Promise<(text: string) => unknown>;
  setTypeParser(type: number, parser: (text: string) => unknown): void;
  setTypeParser(type: string, parser: (text: string) => unknown): Promise<void>;
  parseArray(text: string, parseEntry?: (text: string) => unknown): unknown[];
  parseComposite(text: string): (string | null)[];
}

/** How to read columns: by type OID, or a function that registers parsers. */
export type TypeOverrides =
  | ((registry: TypeParserRegistry) => unknown)
  | ReadonlyMap<number, (text: string) => unknown>
  | Readonly<Record<number, (text: string) => unknown>>;

/**
 * Handlers run synchronously, return nothing, and fail the query when they throw.
 */
export interface PoolHandlers<Query = unknown> {
  /** An error of a connection that no query is waiting for. Default: `console.warn`. */
  readonly onError?: ((error: Error) => void) | undefined;
  readonly onQueryStart?: ((query: Query, formatted: FormattedQuery) => void) | undefined;
  readonly onQueryResults?:
    | ((query: Query, formatted: FormattedQuery, results: unknown[]) => void)
    | undefined;
  readonly onQueryError?:
    | ((query: Query, formatted: FormattedQuery, error: Error) => void)
    | undefined;
  /** Told of queries that took `slowQueryMilliseconds` or longer, waiting for a connection included. */
  readonly onSlowQuery?: ((slow: SlowQuery) => void) | undefined;
  readonly onConnectionOpened?: (() => void) | undefined;
  /** With the error that it broke by; without one where it was closed in order. */
  readonly onConnectionClosed?: ((reason?: Error) => void) | undefined;
}

/** Plain data without values: fit for a log. */
export interface SlowQuery {
  /** With placeholders; of several statements, all of them. */
  readonly queryText: string;
  readonly parameterCount: number;
  readonly milliseconds: number;
  /** What it failed with, where it did. */
  readonly error: unknown;
}

/** A query as it goes to the server. */
export interface FormattedQuery {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Keys and values of the comment of a query; undefined for none. */
export type SqlCommenter = () => Readonly<Record<string, string | undefined>> | undefined;

/** Numbers are whole milliseconds up to 2147483647 (24.8 days) where the name says so; 0 switches a limit off. */
export interface ConnectionPoolConfig<Query = unknown>
  extends ConnectionOptions, PoolHandlers<Query> {
  /** The schemas to look names up in (`search_path`), quoted for you. Default: as the server or role says. */
  readonly schema?: string | readonly string[] | undefined;
  /**
   * What an int8 column is read as. `number` never rounds: a value outside ±(2^53-1) is an error. Default: `number`.
   */
  readonly bigIntMode?: BigIntMode | undefined;
  /** @deprecated Use `bigIntMode: 'string'`. */
  readonly bigIntAsString?: boolean | undefined;
  readonly types?: TypeOverrides | undefined;
  /** What traces and metrics call the pool. Default: `host:port/database`. */
  readonly poolName?: string | undefined;
  /** The most connections open at a time. At least 1. Default: 10. */
  readonly poolSize?: number | undefined;
  /** A connection is replaced after that many uses. At least 1. Default: `Infinity`. */
  readonly maxUses?: number | undefined;
  /** How long a connection may be idle before it is closed. Default: 30000. 0: for ever. */
  readonly idleTimeoutMilliseconds?: number | undefined;
  /** How long one host may take to connect, name lookup, TLS and authentication included. Default: 10000. */
  readonly connectionTimeoutMilliseconds?: number | undefined;
  /**
   * How long a query may wait for a connection, connecting included.
   * Default: 60000, or twice `connectionTimeoutMilliseconds` for each host where that is more.
   */
  readonly queueTimeoutMilliseconds?: number | undefined;
  /** How long a query may wait for others on the same connection or transaction. Default: 60000. */
  readonly acquireLockTimeoutMilliseconds?: number | undefined;
  /** The server ends statements that take longer (`statement_timeout`). Default: 0. */
  readonly statementTimeoutMilliseconds?: number | undefined;
  /** The client gives up on and cancels queries that take longer. Default: 0. */
  readonly queryTimeoutMilliseconds?: number | undefined;
  /** The server ends sessions that idle inside a transaction for longer. Default: 0. */
  readonly idleInTransactionSessionTimeoutMilliseconds?: number | undefined;
  /** The server ends statements that wait for a lock for longer (`lock_timeout`). Default: 0. */
  readonly lockTimeoutMilliseconds?: number | undefined;
  /** The server ends transactions that take longer (`transaction_timeout`, Postgres 17). Default: 0. */
  readonly transactionTimeoutMilliseconds?: number | undefined;
  /** TCP keep-alive. Default: true. */
  readonly keepAlive?: boolean | undefined;
  /** How long a connection is silent before the first probe is sent. 0: as the system does. Default: 30000. */
  readonly keepAliveInitialDelayMilliseconds?: number | undefined;
  /** Send the password as it is over a connection without TLS when the server asks for that. Default: false. */
  readonly allowCleartextPasswordWithoutTls?: boolean | undefined;
  /** Send what MD5 makes of the password over a connection without TLS when the server asks for that. Default: false. */
  readonly allowMd5PasswordWithoutTls?: boolean | undefined;
  /** The most SCRAM iterations a server may ask for: each costs CPU here. At least 1. Default: 100000. */
  readonly maxScramIterations?: number | undefined;
  /**
   * When statements are prepared under a name. `auto`: where it pays; `named`: always; `never`: for poolers that forget
   * them. `true` is `auto` and `false` is `never`. Default: `auto`.
   */
  readonly prepare?: StatementPreparation | boolean | undefined;
  /**
   * How many statements each connection keeps prepared under a name, from 1 to 100000. Those that find no room, because
   * others come back sooner, are parsed at each use. One takes 8 KB (no table) to 140 KB (a join of three) of the server
   * process of its connection. Default: 512.
   */
  readonly maxPreparedStatements?: number | undefined;
  /**
   * The most a connection may age before it is replaced, once it is free; each goes up to a fifth earlier, evenly spread,
   * so that they do not all reconnect at once. Default: 0, for ever.
   */
  readonly maxLifetimeMilliseconds?: number | undefined;
  /**
   * How often the server looks whether this client is still there while it works on a statement
   * (`client_connection_check_interval`, Postgres 14). Default: 0, as the server says.
   */
  readonly clientConnectionCheckIntervalMilliseconds?: number | undefined;
  /**
   * When what a session was used for is cleared away with DISCARD ALL before its next user gets it. `auto`: after
   * statements that leave something behind, as Postgres reports (SET, LISTEN, DECLARE, PREPARE, ...) or their text
   * shows (`set_config()`, temporary tables, advisory locks of the session, DO); all else costs nothing. `true`: after
   * every use, also for what the body of a function did, which costs a round trip each and the prepared statements.
   * `false`: never, for programs that set up their connections themselves. A transaction left open is rolled back in
   * any case. Default: `auto`.
   */
  readonly resetOnRelease?: boolean | 'auto' | undefined;
  /**
   * A connection that owes an answer and was silent for this long is asked about over another connection. What the
   * server works at goes on, however long it takes; where the query or its answer was lost, or the server cannot be
   * reached, the query rejects at most twice this after the last sign of life. Default: 10000. 0: it waits.
   */
  readonly silenceTimeoutMilliseconds?: number | undefined;
  /**
   * How often the connection of `listen` is asked whether it still listens, and how long the answer may take: it is
   * replaced at most twice that long after it went silent. Default: 15000. 0: it is never asked.
   */
  readonly listenHeartbeatMilliseconds?: number | undefined;
  /**
   * Remember where each task, transaction, stream and copy was asked for: the error of a pool without a free connection
   * shows it of those that hold one. For finding one that never ends; it costs some 10 microseconds each. Default: false.
   */
  readonly captureStacks?: boolean | undefined;
  /** From how long on a query is slow; for `onSlowQuery`. Default: 1000. */
  readonly slowQueryMilliseconds?: number | undefined;
  /**
   * Tell `onError` of each task, transaction, stream and copy that holds its connection for this long, once, with what
   * it ran last and where it was asked for. It captures a stack for each of them. Default: 0, never.
   */
  readonly leakWarningMilliseconds?: number | undefined;
  /**
   * Called for each query and stream; what it gives is put behind the SQL text as a comment of the sqlcommenter format,
   * such as `traceparent`. Statements that are prepared by name have none, so with `prepare: 'auto'` only the first use of
   * a text has one, with `'never'` each. What it throws, the query rejects with. Default: no comments.
   */
  readonly sqlCommenter?: SqlCommenter | undefined;
}

/** All pool options with their defaults filled in. Frozen. */
export interface ResolvedPoolOptions<Query = unknown> extends PoolHandlers<Query> {
  /** Empty: no `search_path` is set. */
  readonly schema: readonly string[];
  readonly bigIntMode: BigIntMode;
  readonly types: TypeOverrides | undefined;
  /** Undefined: named after the server. */
  readonly poolName: string | undefined;
  readonly poolSize: number;
  readonly maxUses: number;
  readonly idleTimeoutMilliseconds: number;
  readonly connectionTimeoutMilliseconds: number;
  readonly queueTimeoutMilliseconds: number;
  readonly acquireLockTimeoutMilliseconds: number;
  readonly statementTimeoutMilliseconds: number;
  readonly queryTimeoutMilliseconds: number;
  readonly idleInTransactionSessionTimeoutMilliseconds: number;
  readonly lockTimeoutMilliseconds: number;
  readonly transactionTimeoutMilliseconds: number;
  readonly keepAlive: boolean;
  readonly keepAliveInitialDelayMilliseconds: number;
  readonly allowCleartextPasswordWithoutTls: boolean;
  readonly allowMd5PasswordWithoutTls: boolean;
  readonly maxScramIterations: number;
  readonly prepare: StatementPreparation;
  readonly maxPreparedStatements: number;
  /** 0: for ever. */
  readonly maxLifetimeMilliseconds: number;
  /** 0: as the server says. */
  readonly clientConnectionCheckIntervalMilliseconds: number;
  readonly resetOnRelease: 'auto' | 'always' | 'never';
  /** 0: never. */
  readonly silenceTimeoutMilliseconds: number;
  /** 0: never. */
  readonly listenHeartbeatMilliseconds: number;
  readonly captureStacks: boolean;
  readonly slowQueryMilliseconds: number;
  /** 0: never. */
  readonly leakWarningMilliseconds: number;
  readonly sqlCommenter: SqlCommenter | undefined;
  readonly socket: SocketFunction | undefined;
}
