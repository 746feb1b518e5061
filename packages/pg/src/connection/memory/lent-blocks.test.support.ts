/** For tests: how much of the memory that connections of this process share is lent just now. */
import type {TestContext} from 'node:test';
import {largeChunks} from './large-chunks';

/** How many pieces were lent since this was called and not given back. */
export function lentBlocks(t: TestContext): () => number {
  const lent = new Set<ArrayBufferLike>();
  const lend = largeChunks.lend.bind(largeChunks);
  const giveBack = largeChunks.giveBack.bind(largeChunks);
  t.mock.method(largeChunks, 'lend', (sizeBytes: number) => {
    const chunk = lend(sizeBytes);
    lent.add(chunk.buffer);
    return chunk;
  });
  t.mock.method(largeChunks, 'giveBack', (bytes: Buffer) => {
    lent.delete(bytes.buffer);
    giveBack(bytes);
  });
  return () => lent.size;
}
