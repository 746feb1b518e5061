/**
 * A stream outside a transaction, as what holds the lock of its connection: how far its reader is, and what is inside
 * its loop.
 *
 * A call from inside the loop waits for a stream that goes on only when the call has ended. That is known by the
 * asynchronous context, which the loop is put into when it asks for its first row. What was on the stack at that
 * moment is put into it, too: a function that started the loop without awaiting it. That one may wait, so a call is only
 * refused if the stream is not read on either.
 */
import {goInside} from '../callers/context';

export class StreamHold {
  /** Of the query, for messages. */
  text = '';
  /** How often a row was asked for. */
  reads = 0;
  /** Its reader waits for rows. */
  reading = true;
  /** It holds nothing any more. */
  over = false;

  /** The caller, and all it goes on with, is inside the loop from here on. */
  enter(): void {
    goInside(this);
  }
}
