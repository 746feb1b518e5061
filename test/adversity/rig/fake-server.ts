/**
 * A server over TCP that answers as a script says, and that can leave the protocol on purpose.
 *
 * The script is that of the protocol's server half (ScriptedBackend); `hostile` sees its answers before they
 * are sent and may put other bytes in their place. Each connection has a backend of its own.
 */
import type {Socket} from 'node:net';
import {ScriptedBackend} from '#scripted-server';
import type {BackendScript} from '#scripted-server';
import {listen} from '../../support/ports';

export interface FakeServer extends AsyncDisposable {
  readonly port: number;
  readonly connectionString: string;
  /** Connections so far. */
  readonly accepted: number;
  /** The backends, by connection. `received` has what the client sent. */
  readonly backends: readonly ScriptedBackend[];
}

export interface FakeServerOptions {
  readonly script: BackendScript;
  /**
   * Called with what the script answers to one chunk of the client; what it returns is sent. It may also end
   * or destroy the socket.
   */
  readonly hostile?: (answer: Buffer, backend: ScriptedBackend, socket: Socket) => Buffer;
}

export async function startFakeServer({
  script,
  hostile = (answer) => answer,
}: FakeServerOptions): Promise<FakeServer> {
  const backends: ScriptedBackend[] = [];
  const listener = await listen((socket) => {
    const backend = new ScriptedBackend(script);
    backends.push(backend);
    socket.setNoDelay(true);
    socket.on('data', (bytes) => {
      const answer = hostile(backend.receive(bytes), backend, socket);
      if (socket.destroyed) return;
      if (answer.length > 0) socket.write(answer);
      if (backend.ended) socket.end();
    });
  });
  return {
    port: listener.port,
    connectionString: `postgres://fake@127.0.0.1:${listener.port}/fake`,
    backends,
    get accepted() {
      return listener.accepted;
    },
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}
