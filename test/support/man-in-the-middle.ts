/**
 * Somebody between client and server who ends the client's TLS with a certificate of their own, opens TLS to
 * the server and passes everything on: what sslmode=require, which verifies nothing, lets happen.
 */
import {once} from 'node:events';
import {connect as connectTcp} from 'node:net';
import type {Socket} from 'node:net';
import {TLSSocket, connect as connectTls, createSecureContext} from 'node:tls';
import type {Certificate} from './certificates';
import {listen} from './ports';
import type {Listener} from './ports';

const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

export function standInTheMiddle(
  target: {host: string; port: number},
  shown: Certificate,
): Promise<Listener> {
  const secureContext = createSecureContext({cert: shown.certificate, key: shown.key});
  return listen(
    (client) => void relay(client, target, secureContext).catch(() => client.destroy()),
  );
}

async function relay(
  client: Socket,
  target: {host: string; port: number},
  secureContext: ReturnType<typeof createSecureContext>,
): Promise<void> {
  const upstream = connectTcp(target.port, target.host);
  upstream.on('error', () => client.destroy());
  client.on('close', () => upstream.destroy());
  await once(client, 'data');
  upstream.write(SSL_REQUEST);
  await once(upstream, 'data');
  const server = connectTls({socket: upstream, rejectUnauthorized: false});
  await once(server, 'secureConnect');
  const victim = new TLSSocket(client, {isServer: true, secureContext});
  client.write('S');
  for (const socket of [victim, server]) socket.on('error', () => client.destroy());
  server.on('close', () => client.destroy());
  victim.pipe(server);
  server.pipe(victim);
}
