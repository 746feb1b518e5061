/** The pool's way to open, judge and close connections. */
import type {ResolvedConfig, ResolvedPoolOptions, TargetSessionAttrs} from '../../config';
import {Connector, isFinalConnectFailure, isTransientConnectFailure} from '../../connection';
import type {Connection, ConnectionEvents} from '../../connection';
import {asError} from '../../errors';
import {Pool, systemClock} from '../../pool';
import type {ResourceFactory} from '../../pool';
import type {Environment} from '../queries/environment';
import {connectionEnds} from '../telemetry/last-ends';
import {watchConnections} from '../silence/watch-connections';
import {MOST_TEXT_SHOWN, shortened} from '../statements/shortened';
import {ReplacementBudget} from './replacement-budget';

/** How long a server that is starting up or out of connections is waited for. */
const OPEN_RETRY_MILLISECONDS = 5000;

/** In one line with others. */
const MOST_WORK_SHOWN = 120;

/** Where a standby is asked for, that it takes no writes is no news. */
const READ_ONLY_TARGETS: ReadonlySet<TargetSessionAttrs> = new Set([
  'read-only',
  'standby',
  'prefer-standby',
]);
/** What was idle for so long is asked whether it is still there before it is used: a firewall may have forgotten it. */
const VERIFY_AFTER_IDLE_MILLISECONDS = 1000;
/** How long the answer to that may take, and several round trips where the server is far. */
const VERIFY_WITHIN_MILLISECONDS = 1000;
const VERIFY_WITHIN_ROUND_TRIPS = 4;

/** What a pool tells of itself. A pool that is lent from (raw/) has none of the optional ones. */
type PoolSurroundings = Pick<Environment, 'report' | 'traceTarget'> &
  Partial<Pick<Environment, 'failures' | 'releases'>>;

/** Told of every connection of a pool, besides the pool. */
export type ConnectionObserver = Pick<ConnectionEvents, 'closed' | 'notice' | 'notification'>;

export function createPool(
  config: ResolvedConfig,
  options: ResolvedPoolOptions<never>,
  {failures, report, releases, traceTarget}: PoolSurroundings,
  observer?: ConnectionObserver,
): Pool<Connection> {
  const connector = new Connector(config, options, {
    closed(connection, error) {
      watch?.delete(connection);
      connectionEnds(connection, error);
      pool.remove(connection, error);
      observer?.closed(connection, error);
      connection.whenClosed?.();
    },
    becameBusy: () => watch?.wake(),
    notice: (connection, fields) => observer?.notice(connection, fields),
    notification: (connection, notification) => observer?.notification(connection, notification),
    // A primary that was demoted, or a name that leads elsewhere by now: a new connection finds who takes writes.
    writeRefused(connection) {
      if (wantsWrites && replacements.mayReplace(performance.now())) pool.retire(connection);
    },
  });
  const wantsWrites = !READ_ONLY_TARGETS.has(config.targetSessionAttrs);
  const replacements = new ReplacementBudget(options.poolSize);
  const {silenceTimeoutMilliseconds} = options;
  const watch =
    silenceTimeoutMilliseconds === 0
      ? undefined
      : watchConnections(connector, silenceTimeoutMilliseconds);
  const factory: ResourceFactory<Connection> = {
    open: () => connector.open(),
    opened(connection) {
      traceTarget.current = connection.usedHost().trace;
      if (connection.phase === 'open') watch?.add(connection);
    },
    close: (connection) =>
      new Promise((resolve) => {
        if (connection.phase === 'closed') return resolve();
        connection.whenClosed = resolve;
        connection.close();
      }),
    destroy: (connection, reason) => connection.destroy(reason),
    usable: (connection) => connection.phase === 'open',
    failureOf: (connection) => connection.failure,
    roundTripMilliseconds: (connection) => connection.roundTripMilliseconds,
    verify: (connection) =>
      connection.answersWithin(
        Math.max(
          VERIFY_WITHIN_MILLISECONDS,
          VERIFY_WITHIN_ROUND_TRIPS * connection.roundTripMilliseconds,
        ),
      ),
    isTransient: isTransientConnectFailure,
    lastWork: ({lastText, inFlight}) =>
      lastText === undefined
        ? 'has run nothing'
        : `${inFlight > 0 ? 'runs' : 'last ran'}: ${shortened(lastText, MOST_WORK_SHOWN)}`,
    facts: ({backendKey, session, inFlight, lastText, lastTextAt}) => ({
      processId: backendKey?.processId,
      preparedStatements: session.statements.size,
      work:
        inFlight > 0 && lastText !== undefined
          ? {text: shortened(lastText, MOST_TEXT_SHOWN), since: lastTextAt}
          : undefined,
    }),
    isFinal: isFinalConnectFailure,
  };
  const pool: Pool<Connection> = new Pool(
    factory,
    {
      max: options.poolSize,
      idleTimeoutMilliseconds: options.idleTimeoutMilliseconds,
      maxUses: options.maxUses,
      maxLifetimeMilliseconds:
        options.maxLifetimeMilliseconds === 0 ? undefined : options.maxLifetimeMilliseconds,
      verifyAfterIdleMilliseconds: VERIFY_AFTER_IDLE_MILLISECONDS,
      queueTimeoutMilliseconds: options.queueTimeoutMilliseconds,
      openRetryMilliseconds: OPEN_RETRY_MILLISECONDS,
      onOpened: options.onConnectionOpened,
      onClosed: (reason) => {
        failures?.record(reason);
        options.onConnectionClosed?.(reason);
      },
      onUnused: () => releases?.emit(),
      onError: (error) => report(asError(error)),
    },
    systemClock,
  );
  return pool;
}
