/**
 * Asks the server for TLS, as the protocol wants it asked, and goes on with it or without as the plan says.
 * https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-SSL
 *
 * Invariants: nothing may stand behind the server's one-byte answer (CVE-2021-23222); where TLS was asked
 * for, there is no way from here on that is not encrypted.
 */
import type {Duplex} from 'node:stream';
import {ConnectionError, ProtocolError} from '../../errors';
import {ByteWriter, writeSSLRequest} from '../../protocol';
import {describeTls} from '../attempts/connect-events';
import {stopReason} from '../attempts/stop-signal';
import type {StopSignal} from '../attempts/stop-signal';
import {foreignProtocol} from './foreign-protocol';
import type {LentReads} from './lent-reads';
import type {TransportOptions} from './options';
import {certificateOf} from './server-identity';
import {upgrade} from './upgrade';

/** The stream itself, at once, where TLS is not to be used. */
export function negotiateTls(
  socket: Duplex,
  options: TransportOptions,
  signal: StopSignal,
  reads?: LentReads,
): Duplex | Promise<Duplex> {
  const {endpoint, tls} = options;
  if (tls.use === 'no' || endpoint.socketPath !== undefined) return socket;
  return tls.direct ? secure(socket, options, signal) : negotiate(socket, options, signal, reads);
}

async function negotiate(
  socket: Duplex,
  options: TransportOptions,
  signal: StopSignal,
  reads: LentReads | undefined,
): Promise<Duplex> {
  const answer = await askForTls(socket, signal, reads);
  options.observe?.({type: 'tlsAnswer', answer});
  if (answer === 'S') return secure(socket, options, signal);
  if (answer === 'N' && options.tls.use === 'ifOffered') return socket;
  throw new ConnectionError(
    answer === 'N'
      ? `the server does not offer TLS and sslmode asks for it; turn TLS on in the server, or use sslmode=disable on a network you trust`
      : `the server answered the request for TLS with an error, whose text is not shown because it came unencrypted`,
    {code: 'PG_CONNECT_FAILED'},
  );
}

async function secure(
  socket: Duplex,
  {endpoint, tls, observe}: TransportOptions,
  signal: StopSignal,
): Promise<Duplex> {
  const secured = await upgrade(socket, endpoint, tls, signal);
  observe?.({type: 'secured', tls: describeTls(secured, certificateOf(secured)?.toLegacyObject())});
  return secured;
}

function askForTls(
  socket: Duplex,
  signal: StopSignal,
  reads: LentReads | undefined,
): Promise<'S' | 'N' | 'E'> {
  const writer = new ByteWriter(16);
  writeSSLRequest(writer);
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      signal.removeEventListener('abort', abort);
      socket.off('data', answered).off('error', failed).off('end', ended);
      if (reads !== undefined) {
        reads.reader = undefined;
        reads.paused = true;
      }
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
    const abort = () => failed(stopReason(signal));
    signal.addEventListener('abort', abort, {once: true});
    socket.on('error', failed).on('end', ended);
    if (reads === undefined) {
      socket.on('data', answered);
    } else {
      reads.reader = {bytes: (buffer, start, end) => answered(buffer.subarray(start, end))};
      reads.paused = false;
      socket.resume();
    }
    socket.write(writer.take());
  });
}
