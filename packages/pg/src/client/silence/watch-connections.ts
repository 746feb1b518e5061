/** The watch of one pool on its connections, with real timers and a real server to ask. */
import type {Connection, Connector} from '../../connection';
import {askServers} from './ask-server';
import {SilenceWatch} from './silence-watch';

export function watchConnections(
  connector: Connector,
  limitMilliseconds: number,
): SilenceWatch<Connection> {
  return new SilenceWatch<Connection>({
    limitMilliseconds,
    every: (milliseconds, tick) => {
      const timer = setInterval(tick, milliseconds).unref();
      return () => clearInterval(timer);
    },
    ask: (silent, tell) => {
      void askServers(connector, silent, limitMilliseconds, tell);
    },
  });
}
