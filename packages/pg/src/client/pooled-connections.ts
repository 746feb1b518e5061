/** The pool's way to open, judge and close connections. */
import {Connector, isTransientConnectFailure} from '../connection';
import type {Connection} from '../connection';
import type {ResolvedConfig, ResolvedPoolOptions} from '../config';
import {Pool, systemClock} from '../pool';
import type {ResourceFactory} from '../pool';

/** How long a server that is starting up or out of connections is waited for. */
const OPEN_RETRY_MILLISECONDS = 5000;

export function createPool(
  config: ResolvedConfig,
  options: ResolvedPoolOptions<never>,
  report: (error: Error) => void,
): Pool<Connection> {
  const connector = new Connector(config, options, {
    closed(connection, error) {
      pool.remove(connection, error);
      connection.whenClosed?.();
    },
    notice() {},
    notification() {},
  });
  const factory: ResourceFactory<Connection> = {
    open: () => connector.open(),
    close: (connection) =>
      new Promise((resolve) => {
        if (connection.phase === 'closed') return resolve();
        connection.whenClosed = resolve;
        connection.close();
      }),
    destroy: (connection, reason) => connection.destroy(reason),
    usable: (connection) => connection.phase === 'open',
    roundTripMilliseconds: (connection) => connection.roundTripMilliseconds,
    isTransient: isTransientConnectFailure,
  };
  const pool: Pool<Connection> = new Pool(
    factory,
    {
      max: options.poolSize,
      idleTimeoutMilliseconds: options.idleTimeoutMilliseconds,
      maxUses: options.maxUses,
      maxLifetimeMilliseconds:
        options.maxLifetimeMilliseconds === 0 ? undefined : options.maxLifetimeMilliseconds,
      queueTimeoutMilliseconds: options.queueTimeoutMilliseconds,
      openRetryMilliseconds: OPEN_RETRY_MILLISECONDS,
      onOpened: options.onConnectionOpened,
      onClosed: options.onConnectionClosed,
      onError: (error) => report(error instanceof Error ? error : new Error(String(error))),
    },
    systemClock,
  );
  return pool;
}
