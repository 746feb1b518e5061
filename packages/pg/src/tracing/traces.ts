/**
 * What subscribers of the channels are given: one object per operation, the same for all its events. Fields that are
 * not known at the start are filled in by the end.
 *
 * Values of parameters are behind a method, so that printing a trace, or sending it on, does not send them.
 */

/** Which pool, and which server, it is about. */
export interface TraceTarget {
  /** The name or address it was configured by, or the path of a Unix socket. */
  readonly serverAddress: string;
  readonly serverPort: number;
  readonly database: string;
  /** The first of the `schema` option; undefined: as the server says. */
  readonly schema: string | undefined;
  readonly poolName: string;
}

/** Where several hosts are configured, what is not about one connection tells of the host that was connected to last. */
export interface Trace extends TraceTarget {
  /** What it failed with. */
  error?: unknown;
}

abstract class BaseTrace implements Trace {
  serverAddress: string;
  serverPort: number;
  readonly database: string;
  readonly schema: string | undefined;
  readonly poolName: string;
  error?: unknown;

  constructor(target: TraceTarget) {
    this.serverAddress = target.serverAddress;
    this.serverPort = target.serverPort;
    this.database = target.database;
    this.schema = target.schema;
    this.poolName = target.poolName;
  }
}

export interface TracedStatements {
  /** With placeholders; several are joined with `; `. */
  readonly text: string;
  /** How many queries an array has, or statements a text; undefined for a single statement. */
  readonly batchSize: number | undefined;
  readonly values: readonly unknown[];
}

export class QueryTrace extends BaseTrace {
  /** As it goes to the server: with placeholders where values were given. */
  readonly queryText: string;
  /** How many statements are sent as one; undefined for a single one. */
  readonly batchSize: number | undefined;
  readonly parameterCount: number;
  /** The rows that came; undefined before, and where it failed. */
  rowCount: number | undefined;
  readonly #values: readonly unknown[];

  constructor(target: TraceTarget, {text, batchSize, values}: TracedStatements) {
    super(target);
    this.queryText = text;
    this.batchSize = batchSize;
    this.parameterCount = values.length;
    this.#values = values;
  }

  /** What the program gave for the placeholders: it may well be personal. */
  parameterValues(): readonly unknown[] {
    return this.#values;
  }
}

export type StreamKind = 'queryStream' | 'copyFrom' | 'copyTo';

export class StreamTrace extends QueryTrace {
  readonly kind: StreamKind;

  constructor(target: TraceTarget, statements: TracedStatements, kind: StreamKind) {
    super(target, statements);
    this.kind = kind;
  }
}

export class TransactionTrace extends BaseTrace {
  readonly isolationLevel: string | undefined;
  readonly readOnly: boolean | undefined;
  /** How often it was begun: more than once where serialization failures are retried. */
  attempts = 0;

  constructor(
    target: TraceTarget,
    isolationLevel: string | undefined,
    readOnly: boolean | undefined,
  ) {
    super(target);
    this.isolationLevel = isolationLevel;
    this.readOnly = readOnly;
  }
}

/**
 * What a connection is acquired for. `share`: a query that waits for a place on a connection which others use as well;
 * nothing is held then, and no `ReleaseTrace` follows.
 */
export type AcquirePurpose =
  | 'task'
  | 'transaction'
  | 'pipeline'
  | 'stream'
  | 'copy'
  | 'query'
  | 'share';

export class AcquireTrace extends BaseTrace {
  readonly purpose: AcquirePurpose;

  constructor(target: TraceTarget, purpose: AcquirePurpose) {
    super(target);
    this.purpose = purpose;
  }
}

export class ReleaseTrace extends AcquireTrace {
  readonly heldMilliseconds: number;

  constructor(target: TraceTarget, purpose: AcquirePurpose, heldMilliseconds: number) {
    super(target, purpose);
    this.heldMilliseconds = heldMilliseconds;
  }
}

export class ConnectTrace extends BaseTrace {
  /** Of several hosts: the one that it got to. */
  connectedTo(target: TraceTarget): void {
    this.serverAddress = target.serverAddress;
    this.serverPort = target.serverPort;
  }
}

export class CancelTrace extends BaseTrace {
  /** Of the server's session, as in `pg_stat_activity.pid`. */
  readonly processId: number;

  constructor(target: TraceTarget, processId: number) {
    super(target);
    this.processId = processId;
  }
}

export class PoolTrace extends BaseTrace {
  /** Created with this; `stats()` says how many connections it has. */
  readonly pool: CountedPool;

  constructor(target: TraceTarget, pool: CountedPool) {
    super(target);
    this.pool = pool;
  }
}

/** What there is to ask of a pool. */
export interface CountedPool {
  stats(): {
    readonly idle: number;
    readonly leased: number;
    readonly busy: number;
    readonly waiting: number;
    readonly max: number;
  };
}
