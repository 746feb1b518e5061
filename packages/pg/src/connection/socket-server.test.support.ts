/** For tests: TCP servers in this process, closed with all their sockets when the test has run. */
import {createServer} from 'node:net';
import type {AddressInfo, Socket} from 'node:net';
import type {TestContext} from 'node:test';
import {ScriptedBackend} from '../protocol/testing';
import type {BackendScript} from '../protocol/testing';

export interface SocketServer {
  readonly port: number;
  /** All that connected so far, in order. */
  readonly sockets: readonly Socket[];
}

export async function serve(
  t: TestContext,
  onConnection: (socket: Socket) => void,
): Promise<SocketServer> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (!isAddress(address)) throw new Error('not listening');
  return {port: address.port, sockets};
}

/** Serves every connection with a scripted backend of its own. */
export async function serveScript(
  t: TestContext,
  script: BackendScript,
): Promise<SocketServer & {readonly backends: readonly ScriptedBackend[]}> {
  const backends: ScriptedBackend[] = [];
  const server = await serve(t, (socket) => {
    const backend = new ScriptedBackend(script);
    backends.push(backend);
    socket.on('data', (bytes) => {
      const answer = backend.receive(bytes);
      if (answer.length > 0) socket.write(answer);
      if (backend.ended) socket.end();
    });
  });
  return {...server, backends};
}

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (!isAddress(address)) throw new Error('not listening');
  return address.port;
}

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
