/**
 * A TCP proxy that puts a distance between a client and a server: every byte arrives later, in order.
 */
import {once} from 'node:events';
import {connect, createServer} from 'node:net';
import type {Socket} from 'node:net';
import {tieSockets} from './tie-sockets';
import {urlWith} from './url';

export interface Distance extends AsyncDisposable {
  /** The connection string of the server, by way of the proxy. */
  readonly url: string;
}

/** @param roundTripMilliseconds Half of it is spent in each direction. */
export async function openDistance(
  serverUrl: string,
  roundTripMilliseconds: number,
): Promise<Distance> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  const proxy = createServer({noDelay: true}, (client) => {
    const server = connect({port: Number(target.port), host: target.hostname, noDelay: true});
    tieSockets(client, server, sockets);
    delay(client, server, roundTripMilliseconds / 2);
    delay(server, client, roundTripMilliseconds / 2);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  return {
    url: urlWith(serverUrl, {port: address.port}),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}

// Timers of one length fire in the order in which they were set.
function delay(from: Socket, to: Socket, milliseconds: number): void {
  from.on('data', (bytes) => {
    setTimeout(() => to.write(bytes), milliseconds);
  });
  from.on('end', () => {
    setTimeout(() => to.end(), milliseconds);
  });
}
