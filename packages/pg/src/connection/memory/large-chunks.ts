/** The memory for large messages of this process, and for the rows of streams, for connections of all pools. */
import {LargeChunks} from '../../protocol';

/** Two or three messages of 1 MB and what goes with them, or one of 8 MiB. */
const LIMIT_BYTES = 8 * 1024 * 1024;

/** Long enough for a program that sends one large value after the other, of which each waits for its answer. */
const KEPT_MILLISECONDS = 1000;

export const largeChunks = new LargeChunks({
  limitBytes: LIMIT_BYTES,
  later: (look) => setTimeout(look, KEPT_MILLISECONDS).unref(),
});
