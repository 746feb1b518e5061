/** What the pool needs from outside: how resources are opened and closed, and how many of them. */
import type {LanePhase} from './lane';

export interface ResourceFactory<R> {
  /** May take long; rejects with the reason. The pool sets no limit of its own to how long. */
  open(): Promise<R>;
  /** Told of each that `open` gave, before it is used. Must not throw. */
  opened?(resource: R): void;
  /** Closes in order. Never rejects, and must settle: the resource counts against `max` until then. */
  close(resource: R): Promise<void>;
  /** Closes at once. Must not throw. */
  destroy(resource: R, reason: Error): void;
  /**
   * May the resource serve another task or lease? Called on every hand-out and every return; must be cheap.
   * A resource that has nothing in flight and is not usable is destroyed.
   */
  usable(resource: R): boolean;
  /** Why it is not, where that is known. */
  failureOf?(resource: R): Error | undefined;
  /**
   * Does a resource that was idle for `verifyAfterIdleMilliseconds` still answer? Never rejects, and must settle
   * soon: work waits for it. Default: it is taken to.
   */
  verify?(resource: R): Promise<boolean>;
  /** How long an answer is on its way at least, as far as `open` could tell. Asked once. Default: 0. */
  roundTripMilliseconds?(resource: R): number;
  /** What its holder does or did with it last, for the error of an exhausted pool. Default: nothing is said. */
  lastWork?(resource: R): string | undefined;
  /** What a picture of the pool says of a resource. Default: nothing. */
  facts?(resource: R): ResourceFacts;
  /** Only open failures of which this says true are retried. Default: none. */
  isTransient?(error: unknown): boolean;
  /** Is an open failure one that every other attempt will meet as well? Default: of none it is known. */
  isFinal?(error: unknown): boolean;
}

export interface ResourceFacts {
  /** The server's process, as in `pg_stat_activity.pid`. */
  readonly processId: number | undefined;
  readonly preparedStatements: number;
  /** What it does for the holder of its lease. */
  readonly work: {readonly text: string; readonly since: number} | undefined;
}

export interface PoolOptions {
  /** Resources at most, those being opened and closed included. */
  readonly max: number;
  /** A resource that was idle for this long is closed. 0: never. */
  readonly idleTimeoutMilliseconds: number;
  /** A resource that served this many tasks and leases is closed. `Infinity`: never. */
  readonly maxUses: number;
  /** A resource that was idle for this long is verified before it is used. Default: never. */
  readonly verifyAfterIdleMilliseconds?: number | undefined;
  /** By which idle resources are seen to be stale although the clock stood still. Default: `Date.now`. */
  readonly timeOfDay?: (() => number) | undefined;
  /** Work that waited for this long fails. 0: never. */
  readonly queueTimeoutMilliseconds: number;
  /** Tasks in flight on one resource at most. 1 turns pipelining off. Default: 16, and more where the
   * round trip is long. */
  readonly maxPipeline?: number | undefined;
  /** A resource of this age is closed once it is free; up to a fifth earlier, so that they do not go together.
   * Default: never. */
  readonly maxLifetimeMilliseconds?: number | undefined;
  /**
   * Where nothing is open, work that waited for this long gets the reason of a transient open failure instead
   * of waiting for the next attempt. Default: it waits until its queue timeout.
   */
  readonly openRetryMilliseconds?: number | undefined;
  /** From 0 to below 1. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
  readonly onOpened?: (() => void) | undefined;
  /** One that was opened is idle and was never used: what it was opened for had been served by then. */
  readonly onUnused?: (() => void) | undefined;
  /** A resource left the pool: it broke or was destroyed for this reason, or is being closed in order. */
  readonly onClosed?: ((reason: Error | undefined) => void) | undefined;
  /** Told of open failures that no caller gets to see, and of what the other callbacks throw. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** What happened since the pool was created. */
export interface PoolTotals {
  /** Connections that opened, were closed or lost, and that could not be opened. */
  readonly opened: number;
  readonly closed: number;
  readonly openFailures: number;
  /** How often a caller was given a connection for itself. */
  readonly leases: number;
  /** Queries that shared connections, and were answered. */
  readonly queries: number;
  /** Work that waited for too long. */
  readonly queueTimeouts: number;
}

/** One open connection. */
export interface LaneStats {
  readonly phase: LanePhase;
  /** Shared queries that are sent and not answered. */
  readonly inFlight: number;
  /** Queries and leases so far, those under way included. */
  readonly uses: number;
  readonly ageMilliseconds: number;
  /** The server's process, as in `pg_stat_activity.pid`. Undefined: it did not say, as some poolers do not. */
  readonly processId: number | undefined;
  readonly preparedStatements: number;
  /** What it runs now. Undefined: nothing. */
  readonly running: RunningStats | undefined;
  /** Undefined: nobody has it for himself. */
  readonly lease: LeaseStats | undefined;
}

export interface RunningStats {
  /** The statement, with placeholders and cut to 500 characters. */
  readonly text: string;
  /** Since it was sent, or since the answers to what was sent before it were there. */
  readonly milliseconds: number;
}

/** Work that waits for a connection. */
export interface WaiterStats {
  /** `query`, or what a connection is wanted for: `task`, `transaction`, `stream`, ... */
  readonly purpose: string;
  readonly waitedMilliseconds: number;
  /** Of a query: its statement. */
  readonly text: string | undefined;
  /** Where it was asked for; with `captureStacks`. */
  readonly site: string | undefined;
}

export interface LeaseStats {
  /** For what: a task, transaction, stream, copy, ... */
  readonly purpose: string | undefined;
  readonly heldMilliseconds: number;
  /** What it runs, or ran last. */
  readonly work: string | undefined;
  /** Where it was asked for; with `captureStacks`. */
  readonly site: string | undefined;
}

export interface PoolCounts {
  /** idle + leased + busy + connecting */
  readonly total: number;
  readonly idle: number;
  /** Held by one caller: a transaction, a task, a stream, a copy. */
  readonly leased: number;
  /** With shared work in flight. */
  readonly busy: number;
  readonly connecting: number;
  /** Work in the queue. */
  readonly waiting: number;
  readonly max: number;
}
