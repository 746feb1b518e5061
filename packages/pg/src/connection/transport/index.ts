/**
 * Opens transports. The only folder that imports node:net and node:tls.
 *
 * Nothing is sent in plaintext when TLS was asked for: see negotiate-tls.ts.
 */
import {ConnectionError} from '../../errors';
import type {StopSignal} from '../attempts/stop-signal';
import {negotiateTls} from './negotiate-tls';
import {openSocket} from './open-socket';
import type {TransportOptions} from './options';
import {Transport} from './transport';

export {isIP} from 'node:net';
export {Transport} from './transport';
export type {TransportEvents} from './transport';
export type {Endpoint, TlsPlan, TransportOptions} from './options';

/** Opens the socket and negotiates TLS. Aborting `signal` destroys the socket at once. */
export async function openTransport(
  options: TransportOptions,
  signal: StopSignal,
): Promise<Transport> {
  const {socket, reads} = await openSocket(options, signal);
  try {
    const negotiated = negotiateTls(socket, options, signal, reads);
    const secured = negotiated instanceof Promise ? await negotiated : negotiated;
    // Its events came before anybody could hear them.
    if (secured.destroyed) throw closedEarly();
    const copies = options.socket === undefined;
    return new Transport(secured, socket, secured === socket ? reads : undefined, copies);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function closedEarly(): ConnectionError {
  return new ConnectionError('the connection was closed as soon as it was made', {
    code: 'PG_CONNECT_FAILED',
  });
}
