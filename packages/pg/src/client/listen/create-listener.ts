/** Puts together what a pool listens with: a connection of its own, opened the way the pool opens them. */
import {Connector} from '../../connection';
import type {ResolvedConfig, ResolvedPoolOptions, TargetSessionAttrs} from '../../config';
import {systemClock} from '../../pool';
import {Listener} from './listener';

export function createListener(
  config: ResolvedConfig,
  options: ResolvedPoolOptions<never>,
  report: (error: Error) => void,
  notify: (channel: string) => Promise<unknown>,
): Listener {
  const connector = new Connector(
    config,
    options,
    {
      closed: (connection, error) => listener.closed(connection, error),
      notice() {},
      notification: (connection, notification) => listener.notification(connection, notification),
    },
    undefined,
    undefined,
    targetOf(config),
  );
  const listener = new Listener({
    open: () => connector.open(),
    notify,
    report: (error) => {
      try {
        report(error);
      } catch {
        // Whoever is told of errors failed itself: there is nobody left to tell.
      }
    },
    clock: systemClock,
    random: Math.random,
    timeOfDay: Date.now,
    heartbeatMilliseconds: options.listenHeartbeatMilliseconds,
    waitMilliseconds: options.queueTimeoutMilliseconds,
  });
  return listener;
}

/** A standby refuses LISTEN, so among several hosts the primary is looked for, whatever the pool is for. */
function targetOf({host, targetSessionAttrs}: ResolvedConfig): TargetSessionAttrs {
  return host.length > 1 && targetSessionAttrs !== 'read-write' ? 'primary' : targetSessionAttrs;
}
