/** Asks a server to cancel what a connection runs, over another connection (protocol chapter 54.2.8). */
import {ByteWriter, writeCancelRequest} from '../protocol';
import type {BackendKeyData} from '../protocol';
import {withDeadline} from './attempts/deadline';
import {openTransport} from './transport';
import type {TlsPlan, TransportOptions} from './transport';

/** A cancel request that takes longer than this is given up: the server or the network is gone. */
const CANCEL_TIMEOUT_MILLISECONDS = 5000;

/** Made here, so that it does not keep what opening the connection took, for as long as that is open. */
export function cancelOver(
  options: TransportOptions,
  tls: TlsPlan,
): (key: BackendKeyData) => Promise<void> {
  return (key) => requestCancel({...options, observe: undefined, tls}, key);
}

/** Sends a CancelRequest over a connection of its own, encrypted as the one it is about is. */
async function requestCancel(options: TransportOptions, key: BackendKeyData): Promise<void> {
  await withDeadline(CANCEL_TIMEOUT_MILLISECONDS, options.endpoint.host, async (signal) => {
    const transport = await openTransport(options, signal);
    const writer = new ByteWriter(64);
    writeCancelRequest(writer, key.processId, key.secretKey);
    await new Promise<void>((resolve) => {
      // The server answers nothing; it closes when it has passed the request on.
      transport.listen({bytes: () => undefined, closed: () => resolve()});
      signal.addEventListener('abort', () => transport.destroy(), {once: true});
      transport.write(writer.take());
    });
  });
}
