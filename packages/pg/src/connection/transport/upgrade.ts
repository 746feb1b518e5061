/** Puts TLS on a stream and says what went wrong where it could not. */
import {isIP} from 'node:net';
import type {Duplex} from 'node:stream';
import type {ConnectionOptions as NodeTlsOptions, SecureContext, TLSSocket} from 'node:tls';
import {ConnectionError} from '../../errors';
import {stopReason} from '../attempts/stop-signal';
import type {StopSignal} from '../attempts/stop-signal';
import type {Endpoint, TlsPlan} from './options';
import {anyIdentity, identityError, spareSpellingOut} from './server-identity';

/** Loaded for the first connection that is encrypted. */
const nodeTls = () => process.getBuiltinModule('node:tls');

/** So that no other protocol's server can be made to answer (pqcomm.h PG_ALPN_PROTOCOL). */
const ALPN = 'postgresql';

export function upgrade(
  socket: Duplex,
  endpoint: Endpoint,
  tls: TlsPlan,
  signal: StopSignal,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const {checkServerIdentity} = tls.options;
    const secured: TLSSocket = nodeTls().connect({
      // RFC 6066 forbids addresses in SNI; the certificate check still gets to see them as `host`.
      ...(tls.sni && isIP(endpoint.host) === 0
        ? {servername: endpoint.host}
        : {host: endpoint.host}),
      secureContext: secureContextOf(tls.options),
      ...tls.options,
      checkServerIdentity: checkServerIdentity ?? ((host) => identityError(secured, host)),
      socket,
      ...(tls.direct ? {ALPNProtocols: [ALPN]} : {}),
    });
    // What the program gave is to get the whole certificate.
    if (checkServerIdentity === undefined || checkServerIdentity === anyIdentity)
      spareSpellingOut(secured);
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
    const abort = () => failed(stopReason(signal));
    signal.addEventListener('abort', abort, {once: true});
    secured.on('secureConnect', ready).on('error', failed).on('close', closed);
  });
}

/** Reading the roots of an operating system takes tens of milliseconds, in which nothing else runs. */
const secureContexts = new WeakMap<NodeTlsOptions, SecureContext>();

function secureContextOf(options: NodeTlsOptions): SecureContext {
  const context = secureContexts.get(options) ?? nodeTls().createSecureContext(options);
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
