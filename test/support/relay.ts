/**
 * A TCP relay in front of a server: shows what a client sends, and can withhold what the server answers.
 *
 * It changes no byte. From the moment a client has sent what `dropAnswerTo` looks for, nothing more is
 * passed back to it and the connection breaks once the server has answered.
 */
import {once} from 'node:events';
import {connect, createServer} from 'node:net';
import type {AddressInfo, Socket} from 'node:net';
import {tieSockets} from './tie-sockets';

export interface Relay extends AsyncDisposable {
  readonly port: number;
  /** What clients have sent, connection after connection. */
  readonly sent: Buffer[][];
  /** Break the connection instead of passing on the answer to a write that contains this text. */
  dropAnswerTo: string | undefined;
  /** The connections of now stay open, and nothing comes through them any more: half-open, as behind a dead router. */
  silence(): void;
}

export async function openRelay(target: {host: string; port: number}): Promise<Relay> {
  const sockets = new Set<Socket>();
  const sent: Buffer[][] = [];
  const silenced = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    const writes: Buffer[] = [];
    sent.push(writes);
    let dropping = false;
    tieSockets(client, upstream, sockets);
    client.on('data', (bytes) => {
      if (silenced.has(client)) return;
      writes.push(bytes);
      dropping ||= tap.dropAnswerTo !== undefined && bytes.includes(tap.dropAnswerTo);
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (silenced.has(upstream)) return;
      if (dropping) client.destroy();
      else client.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const tap: Relay = {
    port: portOf(server.address()),
    sent,
    dropAnswerTo: undefined,
    silence() {
      for (const socket of sockets) silenced.add(socket);
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return tap;
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  return address.port;
}
