/** The watch of one pool on its connections, with real timers and a real server to ask. */
import type {Connection, Connector} from '../../connection';
import type * as Asking from './ask-server';
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
      // Most programs never come here: they do not load what asks.
      const asking: typeof Asking = require('./ask-server');
      void asking.askServers(connector, silent, limitMilliseconds, tell);
    },
  });
}
