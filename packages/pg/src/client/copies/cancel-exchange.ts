/** Asks the server to cancel one exchange of a connection: now, or as soon as the server is at it. */
import type {Connection, Exchange} from '../../connection';

export function cancelExchange(
  connection: Connection,
  exchange: Exchange & {started?: (() => void) | undefined},
): void {
  const under = connection.cancelUnderWay;
  if (connection.session.current !== exchange) {
    exchange.started = () => cancelExchange(connection, exchange);
  } else if (under === undefined) void connection.cancel();
  // Meant for what was there before: if it hits nothing any more, another one is needed.
  else
    void under.then(() => isCurrent(connection, exchange) && cancelExchange(connection, exchange));
}

function isCurrent(connection: Connection, exchange: Exchange): boolean {
  return connection.session.current === exchange;
}
