/** Opens a TCP or unix socket, or has the program's function open a stream. */
import {connect as connectSocket} from 'node:net';
import type {Duplex} from 'node:stream';
import {abortReason, openBySocketFunction} from '../socket-function';
import type {TransportOptions} from './options';

/** Aborting `signal` destroys the socket at once. */
export function openSocket(options: TransportOptions, signal: AbortSignal): Promise<Duplex> {
  const {endpoint, socket: open} = options;
  if (open !== undefined) {
    return openBySocketFunction(open, {host: endpoint.host, port: endpoint.port, signal});
  }
  return new Promise((resolve, reject) => {
    const socket = connectSocket({
      ...(endpoint.socketPath === undefined
        ? {host: endpoint.address ?? endpoint.host, port: endpoint.port}
        : {path: endpoint.socketPath}),
      noDelay: true,
      keepAlive: options.keepAlive,
      keepAliveInitialDelay: options.keepAliveInitialDelayMilliseconds,
    });
    // From one step to the next nobody else listens, and an error nobody hears ends the process.
    socket.on('error', () => undefined);
    const settle = (finish: () => void) => {
      signal.removeEventListener('abort', abort);
      socket.off('connect', connected).off('error', failed);
      finish();
    };
    const connected = () => {
      options.observe?.({type: 'connected', address: socket.remoteAddress});
      settle(() => resolve(socket));
    };
    const failed = (error: Error) => {
      socket.destroy();
      settle(() => reject(error));
    };
    const abort = () => failed(abortReason(signal));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, {once: true});
    const {observe} = options;
    if (observe !== undefined) {
      socket.on('lookup', (error, address) => {
        // Of a failed lookup there is no address, and the socket fails with the error.
        if (!(error instanceof Error)) observe({type: 'lookup', address});
      });
    }
    socket.on('connect', connected).on('error', failed);
  });
}
