/**
 * Gives a stream to its half of a conversation and judges what comes out: an error of this package, with all
 * that was asked having ended once, within a bounded time.
 */
import {inspect} from 'node:util';
import {ConnectionError, PgError} from '@databases/pg';
import {halfOf} from '#conversations';
import type {Stream} from './mutate';

export interface Verdict {
  /** How everything that was asked ended. */
  readonly outcomes: readonly string[];
  /** The error that ended the session, if the stream did. */
  readonly error: PgError | undefined;
  /** The longest that one chunk kept the process busy. */
  readonly stallMilliseconds: number;
}

const connectionLost = new ConnectionError('the stream has ended', {code: 'PG_CONNECTION_LOST'});
/** What a chunk is overwritten with once it was taken: whatever was only lent must not be read later. */
const LENT = 0xa5;

/** @throws {Error} Something else came out than should. */
export async function feed({conversation, chunks}: Stream): Promise<Verdict> {
  const half = halfOf(conversation);
  let error: PgError | undefined;
  let stallMilliseconds = 0;
  for (const chunk of chunks) {
    const lent = Buffer.from(chunk);
    const before = performance.now();
    try {
      const reading = half.receive(lent);
      stallMilliseconds = Math.max(stallMilliseconds, performance.now() - before);
      if (reading !== undefined) await reading;
    } catch (thrown) {
      stallMilliseconds = Math.max(stallMilliseconds, performance.now() - before);
      if (!(thrown instanceof PgError)) {
        throw new Error(`${conversation}: ${inspect(thrown)}`, {cause: thrown});
      }
      error = thrown;
      break;
    }
    half.take();
    lent.fill(LENT);
  }
  return {outcomes: half.end(error ?? connectionLost), error, stallMilliseconds};
}
