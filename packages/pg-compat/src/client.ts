/**
 * `pg.Client`: one connection, as programs written for pg use it. Queries wait in it for each other.
 *
 * Events: `connect`, `end`, `drain`, `error` (an Error that no query was there to be given), `notice`, `notification`.
 * Invariants: a query is answered exactly once; `end` is emitted once. Unlike in pg an error that nobody listens to
 * does not end the process.
 */
import {EventEmitter} from 'node:events';
import {machineSources, resolveConfig} from '@databases/pg/config';
import {openRawConnection} from '@databases/pg/raw';
import type {
  DatabaseErrorFields,
  RawConnection,
  RawEvents,
  RawNotification,
} from '@databases/pg/raw';
import {engineConfig} from './config';
import type {PoolConfig} from './config';
import {DatabaseError, asPgError} from './database-error';
import {escapeIdentifier, escapeLiteral} from './escape';
import {KeepAlive} from './keep-alive';
import {Query} from './query';
import type {QueryConfig} from './query';
import {runWithTimeout} from './query-timeout';
import type {Result, ResultCallback} from './result';
import {TypeOverrides} from './type-overrides';
import type {TextParser, TypeFormat} from './types';
import {isForeignWork, isWork} from './work';
import type {Work} from './work';

/** What a program gives to be told by: an error or null, and what there is. */
type Callback<T> = (error: Error | null | undefined, value: T) => void;

type Phase = 'new' | 'connecting' | 'connected' | 'ending' | 'ended';

const STATUS = {idle: 'I', inTransaction: 'T', failed: 'E'} as const;

export class Client extends EventEmitter {
  static readonly Query = Query;
  readonly #config: PoolConfig;
  readonly #types: TypeOverrides;
  readonly #keepAlive = new KeepAlive();
  #phase: Phase = 'new';
  #connection: RawConnection | undefined;
  #broken: Error | undefined;
  #queue: Work[] = [];
  #active: Work | undefined;
  #hasRun = false;

  constructor(config: string | PoolConfig = {}) {
    super();
    this.#config = typeof config === 'string' ? {connectionString: config} : config;
    this.#types = new TypeOverrides(this.#config.types);
  }

  get connectionParameters(): {host: string; port: number; user: string; database: string} {
    const {host, port, user, database} = resolveConfig(
      engineConfig(this.#config),
      machineSources(),
    );
    return {host: host[0] ?? 'localhost', port: port[0] ?? 5432, user, database};
  }

  get host(): string {
    return this.connectionParameters.host;
  }

  get port(): number {
    return this.connectionParameters.port;
  }

  get user(): string {
    return this.connectionParameters.user;
  }

  get database(): string {
    return this.connectionParameters.database;
  }

  /** The number of the server process, as of `pg_backend_pid()`; null before it is connected. */
  get processID(): number | null {
    return this.#connection?.processId ?? null;
  }

  get secretKey(): Buffer | null {
    return this.#connection?.secretKey ?? null;
  }

  /** Resolves with the client. A client connects once. */
  connect(): Promise<this>;
  connect(callback: Callback<this | undefined>): void;
  connect(callback?: Callback<this | undefined>): Promise<this> | undefined {
    const connected = this.#connect();
    if (callback === undefined) return connected;
    connected.then(
      () => callback(null, this),
      (error: Error) => callback(error, undefined),
    );
    return undefined;
  }

  /** Runs on a connection that is there already. For the pool. */
  adopt(connection: RawConnection): void {
    this.#connection = connection;
    this.#phase = 'connected';
  }

  query(text: string | QueryConfig, values?: readonly unknown[]): Promise<Result>;
  query(text: string | QueryConfig, callback: ResultCallback): void;
  query(
    text: string | QueryConfig,
    values: readonly unknown[] | undefined,
    callback: ResultCallback,
  ): void;
  /** A cursor or stream of this package, or a Query: given back, to be read from. */
  query<W extends Work>(work: W, callback?: ResultCallback): W;
  query(
    config: string | QueryConfig | Work,
    values?: readonly unknown[] | ResultCallback,
    callback?: ResultCallback,
  ): unknown {
    if (config === null || config === undefined) {
      throw new TypeError('Client was passed a null or undefined query');
    }
    const told = typeof values === 'function' ? values : callback;
    if (typeof config === 'object' && isWork(config)) {
      if (config instanceof Query && told !== undefined) config.callback ??= told;
      this.#enqueue(config);
      return config;
    }
    if (typeof config === 'object' && isForeignWork(config)) {
      throw new TypeError(
        'this client runs the Cursor and the QueryStream of @databases/pg-compat, not those of pg-cursor and pg-query-stream, which write messages of the protocol themselves',
      );
    }
    const query = new Query(config, typeof values === 'function' ? undefined : values);
    // The callback of a configuration object is not in its type, but programs have it.
    const own: unknown =
      typeof config === 'object' && 'callback' in config ? config.callback : told;
    if (own !== undefined && typeof own !== 'function') {
      throw new TypeError('callback is not a function');
    }
    const timeout = this.#timeoutOf(config);
    if (own !== undefined) {
      query.callback = (error, results) => void own(error, results);
      this.#enqueue(timeout === 0 ? query : runWithTimeout(query, timeout));
      return undefined;
    }
    const answer = new Promise<unknown>((resolve, reject) => {
      query.callback = (error, results) => (error === null ? resolve(results) : reject(error));
    });
    this.#enqueue(timeout === 0 ? query : runWithTimeout(query, timeout));
    return answer.catch(rethrowFromHere);
  }

  /**
   * Ends the connection: in order where nothing runs, at once where a query does, which then fails. Resolves when it
   * has ended.
   */
  end(): Promise<void>;
  end(callback: (error?: Error) => void): void;
  end(callback?: (error?: Error) => void): Promise<void> | undefined {
    const ended = this.#end();
    if (callback === undefined) return ended;
    void ended.then(() => callback());
    return undefined;
  }

  /** `I`: no transaction; `T`: in one; `E`: in one that failed; null before it is connected. */
  getTransactionStatus(): 'I' | 'T' | 'E' | null {
    return this.#connection === undefined ? null : STATUS[this.#connection.transactionStatus];
  }

  setTypeParser(oid: number, parse: TextParser): void;
  setTypeParser(oid: number, format: TypeFormat, parse: TextParser): void;
  setTypeParser(oid: number, format: TypeFormat | TextParser, parse?: TextParser): void {
    if (typeof format === 'function') this.#types.setTypeParser(oid, format);
    else if (parse !== undefined) this.#types.setTypeParser(oid, format, parse);
  }

  getTypeParser(oid: number, format?: TypeFormat): TextParser {
    return this.#types.getTypeParser(oid, format);
  }

  escapeIdentifier(name: string): string {
    return escapeIdentifier(name);
  }

  escapeLiteral(text: string): string {
    return escapeLiteral(text);
  }

  /** The connection keeps the process alive: as it does from `connect` to `end`, or while a pool has lent it. */
  ref(): void {
    this.#keepAlive.hold();
  }

  unref(): void {
    this.#keepAlive.release();
  }

  /** Nothing runs and nothing waits. */
  get isIdle(): boolean {
    return this.#active === undefined && this.#queue.length === 0;
  }

  /** Whether another query would be sent. */
  get isUsable(): boolean {
    return this.#phase === 'connected' && this.#connection?.isOpen === true;
  }

  /** Nobody has asked for its end. */
  get isExpectedOpen(): boolean {
    return this.#phase === 'connected';
  }

  /** Asks the server to cancel what runs now; it fails with 57014. */
  cancelRunning(): void {
    void this.#connection?.cancel();
  }

  /** The connection is about to be ended on purpose, which is no error. */
  expectEnd(): void {
    if (this.#phase === 'connected') this.#phase = 'ending';
  }

  /** From the engine: the connection has ended. */
  connectionClosed(error: Error | undefined): void {
    if (this.#phase === 'ended') return;
    const wasExpected = this.#phase === 'ending' || error === undefined;
    this.#phase = 'ended';
    this.#keepAlive.release();
    const reason = wasExpected ? new Error('Connection terminated') : asPgError(error);
    this.#broken = wasExpected ? undefined : reason;
    const waiting = this.#queue;
    this.#queue = [];
    for (const work of waiting) process.nextTick(() => work.fail(reason));
    if (!wasExpected) this.#tellOf(reason);
    process.nextTick(() => this.emit('end'));
  }

  notice(fields: DatabaseErrorFields): void {
    this.emit('notice', new DatabaseError(fields, 'notice'));
  }

  notification({processId, channel, payload}: RawNotification): void {
    this.emit('notification', {name: 'notification', processId, channel, payload});
  }

  async #connect(): Promise<this> {
    if (this.#phase !== 'new') {
      throw new Error('Client has already been connected. You cannot reuse a client.');
    }
    this.#phase = 'connecting';
    const events: RawEvents = {
      closed: (_, error) => this.connectionClosed(error),
      notice: (_, fields) => this.notice(fields),
      notification: (_, notification) => this.notification(notification),
    };
    try {
      this.#connection = await openRawConnection(engineConfig(this.#config), events);
    } catch (error) {
      const failure = asPgError(error);
      this.connectionClosed(undefined);
      throw failure;
    }
    if (this.#phase !== 'connecting') {
      this.#connection.close();
      return this;
    }
    this.#phase = 'connected';
    this.#keepAlive.hold();
    this.emit('connect');
    this.#pulse();
    return this;
  }

  #end(): Promise<void> {
    const connection = this.#connection;
    if (this.#phase === 'new' || this.#phase === 'ended') return Promise.resolve();
    const ended = new Promise<void>((resolve) => this.once('end', resolve));
    this.#phase = 'ending';
    // A query that hangs must not keep the connection from ending.
    if (this.#active !== undefined) connection?.destroy(new Error('Connection terminated'));
    else connection?.close();
    return ended;
  }

  #timeoutOf(config: string | QueryConfig): number {
    const own = typeof config === 'object' ? config.query_timeout : undefined;
    return own ?? this.#config.query_timeout ?? 0;
  }

  #enqueue(work: Work): void {
    const refused = this.#refusal();
    if (refused === undefined) {
      this.#queue.push(work);
      this.#pulse();
    } else {
      process.nextTick(() => work.fail(refused));
    }
  }

  #refusal(): Error | undefined {
    if (this.#broken !== undefined) {
      return new Error('Client has encountered a connection error and is not queryable', {
        cause: this.#broken,
      });
    }
    if (this.#phase === 'ending' || this.#phase === 'ended') {
      return new Error('Client was closed and is not queryable');
    }
    return undefined;
  }

  #pulse(): void {
    const connection = this.#connection;
    if (this.#active !== undefined || this.#phase !== 'connected' || connection === undefined) {
      return;
    }
    const next = this.#queue.shift();
    if (next === undefined) {
      if (this.#hasRun) this.emit('drain');
      return;
    }
    this.#active = next;
    this.#hasRun = true;
    next.start(connection, this.#types, () => {
      this.#active = undefined;
      this.#pulse();
    });
  }

  #tellOf(error: Error): void {
    if (this.listenerCount('error') > 0) this.emit('error', error);
  }
}

/** With a stack that leads to the program instead of to the socket. */
function rethrowFromHere(error: unknown): never {
  if (error instanceof Error) Error.captureStackTrace(error);
  throw error;
}
