import type {Socket} from 'node:net';

/**
 * Ties the two sides of a proxied connection: when one closes the other does, and errors end nothing else.
 * Both are in `open` for as long as they are.
 */
export function tieSockets(client: Socket, server: Socket, open: Set<Socket>): void {
  for (const [socket, other] of [
    [client, server],
    [server, client],
  ] as const) {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      open.delete(socket);
      other.destroy();
    });
  }
}
