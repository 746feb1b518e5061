/** Takes a handshake through to its end on a transport, waiting where the password has to be derived. */
import {ConnectionError, ProtocolError, asError} from '../../errors';
import type {ByteWriter, FrameDecoder} from '../../protocol';
import type {StopSignal} from '../attempts/stop-signal';
import type {Transport} from '../transport';
import {foreignProtocol} from '../transport/foreign-protocol';
import type {Handshake} from './handshake';

/**
 * Resolves with the shortest wait for an answer, in milliseconds. With SCRAM that is a round trip; where the
 * server asks for no password it has its backend's start in it.
 */
export function performHandshake(
  handshake: Pick<Handshake, 'receive'> & Partial<Pick<Handshake, 'answered'>>,
  transport: Transport,
  writer: ByteWriter,
  decoder: FrameDecoder,
  signal: StopSignal,
): Promise<number> {
  return new Promise((resolve, reject) => {
    let sentAt = 0;
    let shortestWait = Infinity;
    const fail = (error: unknown) => {
      signal.removeEventListener('abort', abort);
      transport.destroy();
      reject(asError(error));
    };
    const flush = () => {
      if (writer.pendingBytes === 0) return;
      sentAt = performance.now();
      transport.write(writer.take());
    };
    const answer = () => {
      handshake.answered?.();
      flush();
    };
    const drain = () => {
      let hasAnswer = false;
      while (decoder.next()) {
        const step = handshake.receive(decoder.tag, decoder.buffer, decoder.start, decoder.end);
        if (step === 'done') {
          // A notice, say, right behind ReadyForQuery is for whoever listens next.
          if (decoder.bufferedBytes > 0) decoder.keep();
          // Else whoever keeps the signal keeps the handshake.
          signal.removeEventListener('abort', abort);
          return resolve(shortestWait);
        }
        // The server waits for our answer, so nothing legal can arrive until it is written.
        if (step === 'write') hasAnswer = true;
        else if (step !== 'read') step.then(answer).catch(fail);
      }
      if (hasAnswer) answer();
    };
    let first = true;
    const expectPostgres = (buffer: Buffer, start: number, end: number) => {
      const foreign = first ? foreignProtocol(buffer, start, end) : undefined;
      first = false;
      if (foreign === undefined) return;
      throw new ProtocolError(
        `what listens there speaks ${foreign}, not the Postgres protocol; check the port`,
      );
    };
    const abort = () => fail(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, {once: true});
    transport.listen({
      bytes(buffer, start, end) {
        shortestWait = Math.min(shortestWait, performance.now() - sentAt);
        try {
          expectPostgres(buffer, start, end);
          decoder.push(buffer, start, end);
          drain();
        } catch (error) {
          fail(error);
        }
      },
      closed(error) {
        fail(
          error ??
            new ConnectionError('the server closed the connection during startup', {
              code: 'PG_CONNECT_FAILED',
            }),
        );
      },
    });
    flush();
  });
}
