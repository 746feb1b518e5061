/** The rows of a stream one by one, as `for await` takes them. */
import type {RowBatch} from '../../connection';
import {reasonOf} from '../callers/abortable';
import type {StreamHold} from '../lock/stream-hold';
import {RowIterator} from './row-iterator';
import type {RowReader} from './row-reader';

const now = () => performance.now();

/** The rows of a reader that is opened when iteration starts and closed however it ends. */
export function rowsOf(
  open: () => Promise<RowReader>,
  signal: AbortSignal | undefined,
  hold?: StreamHold,
): RowIterator {
  return new RowIterator(batchesOf(open, signal, hold), signal, hold, now);
}

async function* batchesOf(
  open: () => Promise<RowReader>,
  signal: AbortSignal | undefined,
  hold: StreamHold | undefined,
): AsyncGenerator<RowBatch, undefined, undefined> {
  signal?.throwIfAborted();
  // Before anything is awaited: it is the context of the loop that is meant.
  hold?.enter();
  const reader = await open();
  const abort = () => void reader.close(reasonOf(signal));
  if (isAborted(signal)) abort();
  signal?.addEventListener('abort', abort, {once: true});
  try {
    for (let rows = await reader.next(); rows !== undefined; rows = await reader.next()) {
      if (hold !== undefined) hold.reading = false;
      yield rows;
      if (isAborted(signal)) throw reasonOf(signal);
      if (hold !== undefined) hold.reading = true;
    }
    if (isAborted(signal)) throw reasonOf(signal);
    return undefined;
  } finally {
    signal?.removeEventListener('abort', abort);
    await reader.close();
  }
}

// A function, because the compiler takes a property it has seen once for constant.
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
