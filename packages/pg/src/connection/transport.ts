/**
 * Bytes to and from one server over TCP, TLS, a unix socket or a stream that the program gives. The only
 * importer of node:net and node:tls.
 *
 * It knows two things of Postgres: the SSLRequest that comes before TLS, and that nothing may stand behind
 * its one-byte answer (CVE-2021-23222). Everything else is bytes.
 *
 * Invariants: `closed` is called exactly once, and no event comes after it; nothing is sent in plaintext
 * when TLS was asked for; an error event of the socket never goes unheard.
 */
import {connect as connectSocket, isIP} from 'node:net';
import type {Duplex} from 'node:stream';
import {TLSSocket, connect as connectTls, createSecureContext} from 'node:tls';
import type {ConnectionOptions as NodeTlsOptions, SecureContext} from 'node:tls';
import type {SocketFunction} from '../config';
import {ConnectionError, ProtocolError} from '../errors';
import {ByteWriter, writeSSLRequest} from '../protocol';
import {describeTls} from './connect-events';
import type {ObserveConnect} from './connect-events';
import {foreignProtocol} from './foreign-protocol';
import {abortReason, openBySocketFunction} from './socket-function';

/** So that no other protocol's server can be made to answer (pqcomm.h PG_ALPN_PROTOCOL). */
const ALPN = 'postgresql';

export interface Endpoint {
  /** The name it was configured by: what certificates are checked against and what messages say. */
  readonly host: string;
  /** Where to connect when the name is not to be looked up. */
  readonly address?: string | undefined;
  readonly port: number;
  /** Path of a unix socket. TLS is not used on one. */
  readonly socketPath?: string | undefined;
}

export interface TlsPlan {
  /** `no`: never; `ifOffered`: plaintext where the server has none; `always`: an error where it has none. */
  readonly use: 'no' | 'ifOffered' | 'always';
  /** Begin with the TLS handshake itself, as Postgres takes it since 17 (sslnegotiation=direct). */
  readonly direct: boolean;
  /** Tell the server the name it is connected to by. */
  readonly sni: boolean;
  /** What it says of certificates is read once for all connections that are given this same object. */
  readonly options: NodeTlsOptions;
}

export interface TransportOptions {
  readonly endpoint: Endpoint;
  readonly tls: TlsPlan;
  readonly keepAlive: boolean;
  readonly keepAliveInitialDelayMilliseconds: number;
  readonly observe?: ObserveConnect | undefined;
  /** Opens the socket in place of this file. */
  readonly socket: SocketFunction | undefined;
}

export interface TransportEvents {
  /** The bytes are only lent for the length of the call. */
  bytes(buffer: Buffer, start: number, end: number): void;
  closed(error: Error | undefined): void;
}

/** Opens the socket and negotiates TLS. Aborting `signal` destroys the socket at once. */
export async function openTransport(
  options: TransportOptions,
  signal: AbortSignal,
): Promise<Transport> {
  const socket = await openSocket(options, signal);
  try {
    const secured = await negotiateTls(socket, options, signal);
    // Its events came before anybody could hear them.
    if (secured.destroyed) throw closedEarly();
    return new Transport(secured, socket);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

export class Transport {
  readonly encrypted: boolean;
  readonly #socket: Duplex;
  /** What is below TLS; the same without it. */
  readonly #carrier: Duplex;
  #events: TransportEvents | undefined;
  #open = true;
  #failure: Error | undefined;

  constructor(socket: Duplex, carrier: Duplex) {
    this.encrypted = socket !== carrier;
    this.#socket = socket;
    this.#carrier = carrier;
    socket.on('data', (chunk: Buffer) => this.#events?.bytes(chunk, 0, chunk.length));
    socket.on('error', (error) => {
      this.#failure ??= error;
    });
    // The server never half-closes: an end is the end.
    socket.on('end', () => socket.destroy());
    socket.on('close', () => this.#closed());
  }

  get open(): boolean {
    return this.#open;
  }

  /** Bytes that the kernel has not taken yet. */
  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  /** The certificate that the server showed, in DER. */
  get peerCertificate(): Buffer | undefined {
    return this.#socket instanceof TLSSocket ? this.#socket.getPeerCertificate().raw : undefined;
  }

  listen(events: TransportEvents): void {
    this.#events = events;
    // Paused since the answer about TLS, so that no byte was lost in between.
    this.#socket.resume();
    if (!this.#open) queueMicrotask(() => events.closed(this.#failure));
  }

  write(bytes: Buffer): void {
    if (this.#open) this.#socket.write(bytes);
  }

  /** Sends the last bytes and closes in order. */
  end(bytes: Buffer): void {
    if (this.#open) this.#socket.end(bytes, () => this.#socket.destroy());
  }

  destroy(): void {
    this.#socket.destroy();
    this.#carrier.destroy();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Work is under way: it keeps the process alive. */
  ref(): void {
    for (const stream of this.#layers()) if (isReferable(stream)) stream.ref();
  }

  unref(): void {
    for (const stream of this.#layers()) if (isReferable(stream)) stream.unref();
  }

  /** TLS on a stream that is no socket of Node's does not pass `unref` on to it. */
  #layers(): readonly Duplex[] {
    return this.encrypted ? [this.#socket, this.#carrier] : [this.#socket];
  }

  #closed(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#events?.closed(this.#failure);
  }
}

function openSocket(options: TransportOptions, signal: AbortSignal): Promise<Duplex> {
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

async function negotiateTls(
  socket: Duplex,
  options: TransportOptions,
  signal: AbortSignal,
): Promise<Duplex> {
  const {endpoint, tls} = options;
  if (tls.use === 'no' || endpoint.socketPath !== undefined) return socket;
  const secure = async () => {
    const secured = await upgrade(socket, endpoint, tls, signal);
    options.observe?.({type: 'secured', tls: describeTls(secured)});
    return secured;
  };
  if (tls.direct) return secure();
  const answer = await askForTls(socket, signal);
  options.observe?.({type: 'tlsAnswer', answer});
  if (answer === 'S') return secure();
  if (answer === 'N' && tls.use === 'ifOffered') return socket;
  throw new ConnectionError(
    answer === 'N'
      ? `the server does not offer TLS and sslmode asks for it; turn TLS on in the server, or use sslmode=disable on a network you trust`
      : `the server answered the request for TLS with an error, whose text is not shown because it came unencrypted`,
    {code: 'PG_CONNECT_FAILED'},
  );
}

function askForTls(socket: Duplex, signal: AbortSignal): Promise<'S' | 'N' | 'E'> {
  const writer = new ByteWriter(16);
  writeSSLRequest(writer);
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      signal.removeEventListener('abort', abort);
      socket.off('data', answered).off('error', failed).off('end', ended);
      socket.pause();
      finish();
    };
    const answered = (chunk: Buffer) => {
      const answer = String.fromCharCode(chunk[0] ?? 0);
      if (answer !== 'S' && answer !== 'N' && answer !== 'E') {
        const foreign = foreignProtocol(chunk);
        failed(
          new ProtocolError(
            foreign === undefined
              ? 'the answer to SSLRequest is none of S, N and E; check the port: what listens there may not be Postgres'
              : `what listens there speaks ${foreign}, not the Postgres protocol; check the port`,
          ),
        );
      } else if (chunk.length > 1 && answer !== 'E') {
        // Plaintext behind the answer would be read as if it had come through TLS.
        failed(
          new ProtocolError('the server sent bytes before TLS was set up; they are not trusted'),
        );
      } else {
        settle(() => resolve(answer));
      }
    };
    const failed = (error: Error) => settle(() => reject(error));
    const ended = () =>
      failed(
        new ConnectionError('the server closed the connection when it was asked for TLS', {
          code: 'PG_CONNECT_FAILED',
        }),
      );
    const abort = () => failed(abortReason(signal));
    signal.addEventListener('abort', abort, {once: true});
    socket.on('data', answered).on('error', failed).on('end', ended);
    socket.write(writer.take());
  });
}

function upgrade(
  socket: Duplex,
  endpoint: Endpoint,
  tls: TlsPlan,
  signal: AbortSignal,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secured = connectTls({
      // RFC 6066 forbids addresses in SNI; the certificate check still gets to see them as `host`.
      ...(tls.sni && isIP(endpoint.host) === 0
        ? {servername: endpoint.host}
        : {host: endpoint.host}),
      secureContext: secureContextOf(tls.options),
      ...tls.options,
      socket,
      ...(tls.direct ? {ALPNProtocols: [ALPN]} : {}),
    });
    secured.on('error', () => undefined);
    const settle = (finish: () => void) => {
      signal.removeEventListener('abort', abort);
      secured.off('secureConnect', ready).off('error', failed).off('close', closed);
      finish();
    };
    const ready = () => {
      // One that does not say it speaks Postgres may be another protocol's server (be_tls_init's alpn_cb).
      if (tls.direct && secured.alpnProtocol !== ALPN) failed(notDirect());
      else settle(() => resolve(secured));
    };
    const failed = (error: Error) => {
      secured.destroy();
      // A server that knows no direct TLS reads a packet of absurd length and hangs up.
      settle(() => reject(tls.direct && hungUp(error) ? notDirect() : error));
    };
    const closed = () =>
      failed(
        tls.direct
          ? notDirect()
          : new ConnectionError('the server closed the connection during the TLS handshake', {
              code: 'PG_CONNECT_FAILED',
            }),
      );
    const abort = () => failed(abortReason(signal));
    signal.addEventListener('abort', abort, {once: true});
    secured.on('secureConnect', ready).on('error', failed).on('close', closed);
  });
}

/** Reading the roots of an operating system takes tens of milliseconds, in which nothing else runs. */
const secureContexts = new WeakMap<NodeTlsOptions, SecureContext>();

function secureContextOf(options: NodeTlsOptions): SecureContext {
  const context = secureContexts.get(options) ?? createSecureContext(options);
  secureContexts.set(options, context);
  return context;
}

function hungUp(error: Error): boolean {
  return 'code' in error && error.code === 'ECONNRESET';
}

function notDirect(): ConnectionError {
  return new ConnectionError(
    'the server does not take TLS without being asked in the protocol of Postgres first, which came with Postgres 17; leave sslnegotiation=direct out',
    {code: 'PG_CONNECT_FAILED'},
  );
}

function closedEarly(): ConnectionError {
  return new ConnectionError('the connection was closed as soon as it was made', {
    code: 'PG_CONNECT_FAILED',
  });
}

/** A stream of the program's need not have what keeps a process alive. */
function isReferable(stream: Duplex): stream is Duplex & {ref(): unknown; unref(): unknown} {
  return (
    'ref' in stream &&
    typeof stream.ref === 'function' &&
    'unref' in stream &&
    typeof stream.unref === 'function'
  );
}
