/**
 * Opens raw connections: single ones, and those of a pool, which are lent one at a time.
 *
 * The pool is the one of `createConnectionPool`, with its queue, its checks of idle connections and its watch on
 * silent ones. Nothing shares a connection here.
 */
import {Connector, traceTarget} from '../connection';
import type {Connection} from '../connection';
import {createPool, giveBack, LastServer} from '../client';
import type {ResolvedConfig, ResolvedPoolOptions} from '../config';
import type {DatabaseErrorFields} from '../errors';
import type {Lease, Pool} from '../pool';
import {RawConnection} from './raw-connection';

export interface RawNotification {
  readonly processId: number;
  readonly channel: string;
  readonly payload: string;
}

export interface RawEvents {
  /** Without an error: it was closed in order. Of a pool's, only of those that were lent once. */
  closed(connection: RawConnection, error: Error | undefined): void;
  notice(connection: RawConnection, fields: DatabaseErrorFields): void;
  notification(connection: RawConnection, notification: RawNotification): void;
}

export interface RawLease {
  readonly connection: RawConnection;
  /** Gives it back; an open transaction is rolled back first. Once only. */
  release(): void;
  /** Ends the connection instead. Once only. */
  destroy(reason: Error): void;
}

export interface RawPoolCounts {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
}

/** Events of connections, told under the names that they have outside. */
function named(events: RawEvents) {
  const connections = new WeakMap<Connection, RawConnection>();
  const rawOf = (connection: Connection): RawConnection => {
    const known = connections.get(connection);
    if (known !== undefined) return known;
    const raw = new RawConnection(connection);
    connections.set(connection, raw);
    return raw;
  };
  const observer = {
    closed: (connection: Connection, error: Error | undefined) => {
      const raw = connections.get(connection);
      if (raw !== undefined) events.closed(raw, error);
    },
    notice: (connection: Connection, fields: DatabaseErrorFields) =>
      events.notice(rawOf(connection), fields),
    notification: (connection: Connection, notification: RawNotification) =>
      events.notification(rawOf(connection), notification),
  };
  return {rawOf, observer};
}

/** @throws As `createConnectionPool` connects. */
export async function connectRaw(
  config: ResolvedConfig,
  options: ResolvedPoolOptions,
  events: RawEvents,
): Promise<RawConnection> {
  const {rawOf, observer} = named(events);
  return rawOf(await new Connector(config, options, observer).open());
}

export class RawPool {
  readonly #pool: Pool<Connection>;
  readonly #rawOf: (connection: Connection) => RawConnection;

  constructor(
    config: ResolvedConfig,
    options: ResolvedPoolOptions,
    events: RawEvents,
    report: (error: Error) => void,
  ) {
    const {rawOf, observer} = named(events);
    this.#rawOf = rawOf;
    const lastServer = new LastServer(traceTarget(config, options, 0));
    this.#pool = createPool(config, options, {report, traceTarget: lastServer}, observer);
  }

  async acquire(): Promise<RawLease> {
    const lease: Lease<Connection> = await this.#pool.acquire({label: 'client'});
    return {
      connection: this.#rawOf(lease.resource),
      release: () => void giveBack(lease),
      destroy: (reason) => lease.destroy(reason),
    };
  }

  counts(): RawPoolCounts {
    const {total, idle, waiting} = this.#pool.stats();
    return {total, idle, waiting};
  }

  /** Waits for the connections that are lent, and closes all. */
  close(): Promise<void> {
    return this.#pool.close();
  }
}
