/** Opens a TCP or unix socket, or has the program's function open a stream. */
import {connect as connectSocket} from 'node:net';
import type {Duplex} from 'node:stream';
import {abortSignalOf, stopReason} from '../attempts/stop-signal';
import type {StopSignal} from '../attempts/stop-signal';
import {LentReads} from './lent-reads';
import type {TransportOptions} from './options';
import {openBySocketFunction} from './socket-function';

export interface OpenedSocket {
  readonly socket: Duplex;
  /** How its bytes come, if not by `data` events. It is paused then. */
  readonly reads: LentReads | undefined;
}

/** Aborting `signal` destroys the socket at once. */
export function openSocket(options: TransportOptions, signal: StopSignal): Promise<OpenedSocket> {
  const {endpoint, socket: open} = options;
  if (open !== undefined) {
    const {host, port} = endpoint;
    const request = {host, port, signal: abortSignalOf(signal)};
    return openBySocketFunction(open, request).then((socket) => ({socket, reads: undefined}));
  }
  return connect(options, mayLendReads(options) ? new LentReads() : undefined, signal);
}

/**
 * TLS reads from the socket below it by itself; what is lent is used where the server turns out not to offer it. On
 * Windows a read may be under way while another socket's bytes are looked at, so there one buffer is not enough for
 * all. Deno's sockets take `onread` and do not call it: nothing would ever arrive.
 */
function mayLendReads({tls, endpoint}: TransportOptions): boolean {
  const mayBePlain = tls.use !== 'always' || endpoint.socketPath !== undefined;
  const canLend = process.platform !== 'win32' && process.versions['deno'] === undefined;
  return mayBePlain && canLend;
}

function connect(
  options: TransportOptions,
  reads: LentReads | undefined,
  signal: StopSignal,
): Promise<OpenedSocket> {
  const {endpoint} = options;
  return new Promise((resolve, reject) => {
    const socket = connectSocket({
      ...(endpoint.socketPath === undefined
        ? {host: endpoint.address ?? endpoint.host, port: endpoint.port}
        : {path: endpoint.socketPath}),
      noDelay: true,
      keepAlive: options.keepAlive,
      keepAliveInitialDelay: options.keepAliveInitialDelayMilliseconds,
      ...(reads !== undefined && {onread: reads.onread()}),
    });
    // From one step to the next nobody else listens, and an error nobody hears ends the process.
    socket.on('error', ignore);
    const settle = (finish: () => void) => {
      signal.removeEventListener('abort', abort);
      socket.off('connect', connected).off('error', failed);
      finish();
    };
    const connected = () => {
      options.observe?.({type: 'connected', address: socket.remoteAddress});
      // Until somebody listens: lent bytes that nobody takes would be lost.
      if (reads !== undefined) socket.pause();
      settle(() => resolve({socket, reads}));
    };
    const failed = (error: Error) => {
      socket.destroy();
      settle(() => reject(error));
    };
    const abort = () => failed(stopReason(signal));
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

/** Not made in place: it stays with the socket, and a closure would keep all that opening it took. */
function ignore(): void {}
