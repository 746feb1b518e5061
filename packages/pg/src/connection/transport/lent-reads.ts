/**
 * Reads of plain sockets into one buffer for all of them, so that neither a chunk of the stream nor an idle
 * connection needs memory of its own. It knows nothing of what is read.
 *
 * libuv fills the buffer and calls back at once, one socket after the other, so it is free again when the callback
 * returns: whoever is given the bytes must have copied what it keeps by then.
 *
 * Invariant: no bytes come before `reader` is set, if the socket is paused until then.
 */
import type {OnReadOpts} from 'node:net';

/** As much as libuv suggests for one read. */
const READ_BYTES = 65_536;

let shared: Buffer | undefined;

export interface Reader {
  bytes(buffer: Buffer, start: number, end: number): void;
  /** Where the next bytes should go, if there is better memory for them than the shared one. */
  room?(): Buffer | undefined;
}

export class LentReads {
  reader: Reader | undefined;
  /** Ends the reading after the next bytes: a resume in the same turn undoes the pause of Node's socket. */
  paused = false;

  /** For the options of the socket. */
  onread(): OnReadOpts {
    shared ??= Buffer.allocUnsafeSlow(READ_BYTES);
    const buffer = shared;
    let target = buffer;
    return {
      // Asked before the first read, and behind each callback.
      buffer: () => (target = this.reader?.room?.() ?? buffer),
      callback: (length) => {
        this.reader?.bytes(target, 0, length);
        return !this.paused;
      },
    };
  }
}
