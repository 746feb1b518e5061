/**
 * Ends the traces of streams whose readers have just stopped reading, without `return` or `destroy`: nobody says so.
 *
 * A stream that is read in a task or a transaction ends with the lease of that at the latest. One that has a connection
 * for itself gives that back before its last rows are read, so it ends with the connection at the latest. While no stream is
 * traced, a lease pays for one comparison.
 *
 * Invariants: a stream is ended here once at most; no reader is kept here, and with it no rows: what nobody reads any more can be
 * collected.
 */
import type {Connection} from '../../connection';

export type LastEnd = 'lease' | 'connection';

interface OpenStream {
  readonly until: LastEnd;
  /** @param lost Why the connection is gone, unless it was closed in order. */
  end(lost: Error | undefined): void;
}

/** With the connection that each reads from. Few, as each holds a connection or shares that of one holder. */
const open = new Map<OpenStream, Connection>();

/**
 * Calls `end` with the lease or with the connection, unless the stream is over before.
 *
 * @returns To be called when it is over.
 */
export function endAtLatest(connection: Connection, stream: OpenStream): () => void {
  open.set(stream, connection);
  return () => void open.delete(stream);
}

/** Whoever has leased the connection gives it back. */
export function leaseEnds(connection: Connection): void {
  if (open.size > 0) endThose((stream, from) => from === connection && stream.until === 'lease');
}

export function connectionEnds(connection: Connection, error: Error | undefined): void {
  if (open.size > 0) endThose((_, from) => from === connection, error);
}

function endThose(isMeant: (stream: OpenStream, from: Connection) => boolean, lost?: Error): void {
  for (const [stream, from] of open) {
    if (!isMeant(stream, from)) continue;
    open.delete(stream);
    stream.end(lost);
  }
}
