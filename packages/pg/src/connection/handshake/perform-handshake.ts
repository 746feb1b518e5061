/** Takes a handshake through to its end on a transport, waiting where the password has to be derived. */
import {ConnectionError, ProtocolError, asError} from '../../errors';
import type {ByteWriter, FrameDecoder} from '../../protocol';
import type {StopSignal} from '../attempts/stop-signal';
import type {Transport, TransportEvents} from '../transport';
import {foreignProtocol} from '../transport/foreign-protocol';
import type {Handshake} from './handshake';

type Steps = Pick<Handshake, 'receive'> & Partial<Pick<Handshake, 'answered'>>;

/**
 * Resolves with the shortest wait for an answer, in milliseconds. With SCRAM that is a round trip; where the
 * server asks for no password it has its backend's start in it.
 */
export function performHandshake(
  handshake: Steps,
  transport: Transport,
  writer: ByteWriter,
  decoder: FrameDecoder,
  signal: StopSignal,
): Promise<number> {
  return new Promise((resolve, reject) => {
    new Performance({handshake, transport, writer, decoder, signal, resolve, reject}).begin();
  });
}

interface Parts {
  readonly handshake: Steps;
  readonly transport: Transport;
  readonly writer: ByteWriter;
  readonly decoder: FrameDecoder;
  readonly signal: StopSignal;
  readonly resolve: (shortestWait: number) => void;
  readonly reject: (error: Error) => void;
}

/** One object, as all connections of a pool may be at this at the same time: closures would be ten. */
class Performance implements TransportEvents {
  readonly #parts: Parts;
  readonly #abort = () => this.#fail(this.#parts.signal.reason);
  #sentAt = 0;
  #shortestWait = Infinity;
  #isFirst = true;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  begin(): void {
    const {signal, transport} = this.#parts;
    if (signal.aborted) return this.#abort();
    signal.addEventListener('abort', this.#abort, once);
    transport.listen(this);
    this.#flush();
  }

  bytes(buffer: Buffer, start: number, end: number): void {
    this.#shortestWait = Math.min(this.#shortestWait, performance.now() - this.#sentAt);
    try {
      if (this.#isFirst) expectPostgres(buffer, start, end);
      this.#isFirst = false;
      this.#parts.decoder.push(buffer, start, end);
      this.#drain();
    } catch (error) {
      this.#fail(error);
    }
  }

  closed(error: Error | undefined): void {
    this.#fail(
      error ??
        new ConnectionError('the server closed the connection during startup', {
          code: 'PG_CONNECT_FAILED',
        }),
    );
  }

  #drain(): void {
    const {handshake, decoder} = this.#parts;
    let hasAnswer = false;
    while (decoder.next()) {
      const step = handshake.receive(decoder.tag, decoder.buffer, decoder.start, decoder.end);
      if (step === 'done') return this.#finish();
      // The server waits for our answer, so nothing legal can arrive until it is written.
      if (step === 'write') hasAnswer = true;
      else if (step !== 'read') this.#answerLater(step);
    }
    if (hasAnswer) this.#answer();
  }

  #answerLater(step: Promise<void>): void {
    step.then(() => this.#answer()).catch((error: unknown) => this.#fail(error));
  }

  #answer(): void {
    this.#parts.handshake.answered?.();
    this.#flush();
  }

  #flush(): void {
    const {writer, transport} = this.#parts;
    if (writer.pendingBytes === 0) return;
    this.#sentAt = performance.now();
    transport.write(writer.take());
  }

  #finish(): void {
    const {decoder, signal, resolve} = this.#parts;
    // A notice, say, right behind ReadyForQuery is for whoever listens next.
    if (decoder.bufferedBytes > 0) decoder.keep();
    // Else whoever keeps the signal keeps the handshake.
    signal.removeEventListener('abort', this.#abort);
    resolve(this.#shortestWait);
  }

  #fail(error: unknown): void {
    const {signal, transport, reject} = this.#parts;
    signal.removeEventListener('abort', this.#abort);
    transport.destroy();
    reject(asError(error));
  }
}

const once = {once: true} as const;

function expectPostgres(buffer: Buffer, start: number, end: number): void {
  const foreign = foreignProtocol(buffer, start, end);
  if (foreign === undefined) return;
  throw new ProtocolError(
    `what listens there speaks ${foreign}, not the Postgres protocol; check the port`,
  );
}
