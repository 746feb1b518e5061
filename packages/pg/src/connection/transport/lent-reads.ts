/**
 * Reads of plain sockets into one buffer for all of them, so that neither a chunk of the stream nor an idle
 * connection needs memory of its own. It knows nothing of what is read.
 *
 * libuv fills the buffer and calls back at once, one socket after the other, so it is free again when the callback
 * returns: whoever is given the bytes must have copied what it keeps by then.
 *
 * Invariant: no bytes come before `deliver` is set, if the socket is paused until then.
 */
import type {OnReadOpts} from 'node:net';

/** As much as libuv suggests for one read. */
const READ_BYTES = 65_536;

let shared: Buffer | undefined;

export type Deliver = (buffer: Buffer, start: number, end: number) => void;

export class LentReads {
  deliver: Deliver | undefined;
  /** Where the next bytes should go, if whoever gets them has better memory for them than the shared one. */
  room: (() => Buffer | undefined) | undefined;
  /** Ends the reading after the next bytes: a resume in the same turn undoes the pause of Node's socket. */
  paused = false;
  /** For the options of the socket. */
  readonly onread: OnReadOpts;

  constructor() {
    shared ??= Buffer.allocUnsafeSlow(READ_BYTES);
    const buffer = shared;
    let target = buffer;
    this.onread = {
      // Asked before the first read, and behind each callback.
      buffer: () => (target = this.room?.() ?? buffer),
      callback: (length) => {
        this.deliver?.(target, 0, length);
        return !this.paused;
      },
    };
  }
}
