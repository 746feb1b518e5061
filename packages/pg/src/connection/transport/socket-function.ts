/**
 * The stream of bytes to a server that the program's `socket` function opens.
 *
 * It knows nothing of Postgres or of TLS. A stream that comes when the attempt has already been given up is
 * destroyed: nobody else has it.
 */
import {Duplex} from 'node:stream';
import type {SocketFunction, SocketRequest} from '../../config';
import {ConnectionError} from '../../errors';
import {stopReason} from '../attempts/stop-signal';

/** @throws {ConnectionError} `PG_CONNECT_FAILED`: the function threw, or gave no stream of bytes. */
export function openBySocketFunction(
  socket: SocketFunction,
  request: SocketRequest,
): Promise<Duplex> {
  const {signal} = request;
  return new Promise((resolve, reject) => {
    const abort = () => reject(stopReason(signal));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, {once: true});
    void streamOf(socket, request).then(
      (stream) => {
        signal.removeEventListener('abort', abort);
        if (signal.aborted) stream.destroy();
        resolve(stream);
      },
      (error: Error) => {
        signal.removeEventListener('abort', abort);
        reject(error);
      },
    );
  });
}

/** Awaits the function in here, so that one which throws is like one which rejects. */
async function streamOf(socket: SocketFunction, request: SocketRequest): Promise<Duplex> {
  let stream: unknown;
  try {
    stream = await socket(request);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConnectionError(`the socket function failed: ${reason}`, {
      code: 'PG_CONNECT_FAILED',
      cause: error,
    });
  }
  if (!(stream instanceof Duplex)) throw useless('something that is not a Duplex stream of Node');
  // From here on an error of the stream must be heard, also while nothing else listens.
  stream.on('error', () => undefined);
  if (stream.destroyed) throw useless('a stream that is already destroyed', stream.errored);
  if (stream.readableObjectMode || stream.readableEncoding !== null)
    throw useless('a stream of objects or text; it has to be one of bytes, without setEncoding()');
  return stream;
}

function useless(what: string, cause?: Error | null): ConnectionError {
  return new ConnectionError(`the socket function gave ${what}`, {
    code: 'PG_CONNECT_FAILED',
    ...(cause instanceof Error ? {cause} : {}),
  });
}
