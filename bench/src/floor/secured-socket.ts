/** A socket on which TLS was asked for as Postgres wants it asked, with the server's certificate verified. */
import {once} from 'node:events';
import {connect} from 'node:net';
import {connect as secure, createSecureContext} from 'node:tls';
import type {SecureContext, TLSSocket} from 'node:tls';
import {int32} from '../wire-bytes';

const sslRequest = Buffer.concat([int32(8), int32(80_877_103)]);

// Reading an authority takes as long as a handshake; ours, too, does it once for all connections.
const contexts = new Map<string, SecureContext>();

export async function openSecured(host: string, port: number, ca: string): Promise<TLSSocket> {
  const socket = connect({host, port, noDelay: true});
  socket.write(sslRequest);
  const [answer]: unknown[] = await once(socket, 'data');
  if (!Buffer.isBuffer(answer) || answer.toString() !== 'S') throw new Error('no TLS there');
  const secureContext = contexts.get(ca) ?? createSecureContext({ca});
  contexts.set(ca, secureContext);
  const secured = secure({socket, host, secureContext});
  await once(secured, 'secureConnect');
  return secured;
}
