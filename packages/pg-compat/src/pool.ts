/**
 * `pg.Pool` over the pool of @databases/pg. A client stands for one connection as long as that is open, and is lent
 * to one caller at a time.
 *
 * Events: `connect` (client, when it is first lent), `acquire` (client), `release` (error, client), `remove` (client),
 * `error` (error, client: of a connection that nobody had). Unlike in pg, an error that nobody listens to does not end
 * the process, and a query that fails does not cost its connection.
 */
import {EventEmitter} from 'node:events';
import {TimeoutError, createRawPool} from '@databases/pg/raw';
import type {RawConnection, RawLease, RawPool} from '@databases/pg/raw';
import {Client} from './client';
import {engineConfig} from './config';
import type {PoolConfig} from './config';
import {DatabaseError, asPgError} from './database-error';
import {defaults} from './defaults';
import type {QueryConfig} from './query';
import type {Result, ResultCallback} from './result';

/** A client that a pool has lent. */
export interface PoolClient extends Client {
  /** Gives it back, once; with an error or `true` its connection is ended. */
  release(error?: Error | boolean): void;
}

type ConnectCallback = (
  error: Error | undefined,
  client: PoolClient | undefined,
  release: (error?: Error | boolean) => void,
) => void;

/** What the pool knows of a client. */
interface Member {
  readonly client: PoolClient;
  isLent: boolean;
}

export class Pool extends EventEmitter {
  /** As given, with defaults. The password is not shown. */
  readonly options: PoolConfig & {max: number; idleTimeoutMillis: number};
  readonly #members = new Map<RawConnection, Member>();
  #pool: RawPool | undefined;
  ending = false;
  ended = false;

  constructor(config: PoolConfig | string = {}) {
    super();
    const given = typeof config === 'string' ? {connectionString: config} : config;
    this.options = {
      ...given,
      max: given.max ?? defaults.max,
      idleTimeoutMillis: given.idleTimeoutMillis ?? defaults.idleTimeoutMillis,
    };
    for (const secret of ['password', 'connectionString'] as const) {
      const value = this.options[secret];
      if (value !== undefined)
        Object.defineProperty(this.options, secret, {value, enumerable: false, writable: true});
    }
  }

  get totalCount(): number {
    return this.#pool?.counts().total ?? 0;
  }

  get idleCount(): number {
    return this.#pool?.counts().idle ?? 0;
  }

  get waitingCount(): number {
    return this.#pool?.counts().waiting ?? 0;
  }

  /** A client of one's own, to be given back with `client.release()`. */
  connect(): Promise<PoolClient>;
  connect(callback: ConnectCallback): void;
  connect(callback?: ConnectCallback): Promise<PoolClient> | undefined {
    const client = this.#lend();
    if (callback === undefined) return client;
    client.then(
      (lent) => callback(undefined, lent, (error) => lent.release(error)),
      (error: Error) => callback(error, undefined, () => undefined),
    );
    return undefined;
  }

  /** Runs one query on a connection of the pool. */
  query(text: string | QueryConfig, values?: readonly unknown[]): Promise<Result>;
  query(text: string | QueryConfig, callback: ResultCallback): void;
  query(
    text: string | QueryConfig,
    values: readonly unknown[] | undefined,
    callback: ResultCallback,
  ): void;
  query(
    text: string | QueryConfig,
    values?: readonly unknown[] | ResultCallback,
    callback?: ResultCallback,
  ): Promise<Result> | undefined {
    const told = typeof values === 'function' ? values : callback;
    const answer = this.#query(text, typeof values === 'function' ? undefined : values);
    if (told === undefined) return answer;
    answer.then(
      (result) => told(null, result),
      (error: Error) => told(error, undefined),
    );
    return undefined;
  }

  /** Waits for the clients that are lent and closes all connections. */
  end(): Promise<void>;
  end(callback: (error?: Error) => void): void;
  end(callback?: (error?: Error) => void): Promise<void> | undefined {
    const ended = this.#end();
    if (callback === undefined) return ended;
    ended.then(
      () => callback(),
      (error: Error) => callback(error),
    );
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.ending) await this.end();
  }

  async #query(
    text: string | QueryConfig,
    values: readonly unknown[] | undefined,
  ): Promise<Result> {
    if (typeof text === 'function') {
      throw new TypeError(
        'Passing a function as the first parameter to pool.query is not supported',
      );
    }
    const client = await this.#lend();
    try {
      const result = await client.query(text, values);
      client.release();
      return result;
    } catch (error) {
      client.release(error instanceof DatabaseError || client.isUsable ? undefined : true);
      throw error;
    }
  }

  async #lend(): Promise<PoolClient> {
    if (this.ending) throw new Error('Cannot use a pool after calling end on the pool');
    let lease: RawLease;
    try {
      this.#pool ??= this.#open();
      lease = await this.#pool.acquire();
    } catch (error) {
      if (error instanceof TimeoutError) {
        throw new Error('timeout exceeded when trying to connect', {cause: error});
      }
      throw asPgError(error);
    }
    const known = this.#members.get(lease.connection);
    const member = known ?? this.#join(lease.connection);
    member.isLent = true;
    member.client.ref();
    if (known === undefined) await this.#introduce(member, lease);
    member.client.release = this.#releaseOnce(member, lease);
    this.emit('acquire', member.client);
    return member.client;
  }

  #join(connection: RawConnection): Member {
    const client = new Client(this.options);
    client.adopt(connection);
    const member = {
      client: Object.assign(client, {release: () => undefined}),
      isLent: false,
    };
    this.#members.set(connection, member);
    return member;
  }

  async #introduce({client}: Member, lease: RawLease): Promise<void> {
    const {onConnect} = this.options;
    if (onConnect !== undefined) {
      try {
        await onConnect(client);
      } catch (error) {
        client.expectEnd();
        lease.destroy(new Error('onConnect failed'));
        throw error;
      }
    }
    this.emit('connect', client);
  }

  #releaseOnce(member: Member, lease: RawLease): PoolClient['release'] {
    let isReleased = false;
    return (error) => {
      if (isReleased) {
        throw new Error('Release called on client which has already been released to the pool.');
      }
      isReleased = true;
      member.isLent = false;
      const {client} = member;
      client.unref();
      this.emit('release', error, client);
      if (error) {
        client.expectEnd();
        lease.destroy(
          error instanceof Error ? error : new Error('the client was released to be removed'),
        );
      } else if (client.isIdle) {
        lease.release();
      } else {
        // Queries that were not awaited are still the last holder's.
        client.once('drain', () => lease.release());
      }
    };
  }

  #open(): RawPool {
    return createRawPool(
      engineConfig(this.options),
      {
        closed: (connection, error) => this.#left(connection, error),
        notice: (connection, fields) => this.#members.get(connection)?.client.notice(fields),
        notification: (connection, notification) =>
          this.#members.get(connection)?.client.notification(notification),
      },
      (error) => this.#report(error, undefined),
    );
  }

  #left(connection: RawConnection, error: Error | undefined): void {
    const member = this.#members.get(connection);
    if (member === undefined) return;
    this.#members.delete(connection);
    const {client, isLent} = member;
    const isBroken = error !== undefined && client.isExpectedOpen;
    client.connectionClosed(error);
    if (isBroken && !isLent) this.#report(asPgError(error), client);
    this.emit('remove', client);
  }

  #report(error: Error, client: PoolClient | undefined): void {
    if (this.listenerCount('error') > 0) this.emit('error', error, client);
    else process.emitWarning(`@databases/pg-compat: ${error.message}`);
  }

  async #end(): Promise<void> {
    if (this.ending) throw new Error('Called end on pool more than once');
    this.ending = true;
    await this.#pool?.close();
    this.ended = true;
  }
}
