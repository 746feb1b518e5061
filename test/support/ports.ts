/** TCP ends for a client to run into. */
import {once} from 'node:events';
import {createServer} from 'node:net';
import type {Socket} from 'node:net';

/** A port on 127.0.0.1 where nothing listens. */
export async function refusedPort(): Promise<number> {
  await using listener = await listen(() => undefined);
  return listener.port;
}

export interface Listener extends AsyncDisposable {
  readonly port: number;
  /** How many connections came. */
  readonly accepted: number;
}

/** Listens on a free port and leaves what to do with each connection to the caller. */
export async function listen(accept: (socket: Socket) => void): Promise<Listener> {
  let accepted = 0;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    accepted++;
    open.add(socket);
    socket.on('error', () => undefined).on('close', () => open.delete(socket));
    accept(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  return {
    port: address.port,
    get accepted() {
      return accepted;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
