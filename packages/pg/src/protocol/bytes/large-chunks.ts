/**
 * Memory for messages that are larger than a chunk, lent to one writer after the other: for a value of 1 MB, having
 * the kernel find new pages takes longer than filling them (figures in docs/design/performance/large-values.md).
 *
 * It is kept for all writers of a process together, up to a limit and not for long, so connections hold none of it.
 *
 * Invariants: memory is given back once, by whoever knows that nobody reads it any more; a writer hands on only what it
 * has written there itself, so what is left of an earlier message goes nowhere.
 */
import type {Chunk} from './chunk';
import {allocateChunk} from './chunk';

/** Below this, new memory comes from where freed memory of the process is, and costs little. */
export const LARGE_CHUNK_BYTES = 131_072;

export interface LargeChunksOptions {
  /** As much is kept, lent memory not included. */
  readonly limitBytes: number;
  /** Calls `look` once, after as long as memory is kept that nobody asks for. */
  later(look: () => void): void;
}

export class LargeChunks {
  readonly #options: LargeChunksOptions;
  /** The last one was given back last, and is the likeliest to be in the cache of the processor. */
  #kept: Chunk[] = [];
  #keptBytes = 0;
  /** By its memory, because what comes back is a view of it. */
  readonly #lent = new WeakMap<ArrayBufferLike, Chunk>();
  #looking = false;
  #used = false;

  constructor(options: LargeChunksOptions) {
    this.#options = options;
  }

  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** At least `sizeBytes`, with anything in it. */
  lend(sizeBytes: number): Chunk {
    const chunk = this.#takeKept(sizeBytes) ?? allocateChunk(sizeToKeep(sizeBytes));
    this.#lent.set(chunk.buffer, chunk);
    return chunk;
  }

  /** Takes back the memory that these bytes are in. Memory of others, or that came back already, is left alone. */
  giveBack(bytes: Buffer): void {
    const chunk = this.#lent.get(bytes.buffer);
    if (chunk === undefined || !this.#lent.delete(bytes.buffer)) return;
    const {limitBytes} = this.#options;
    if (chunk.length > limitBytes) return;
    this.#kept.push(chunk);
    this.#keptBytes += chunk.length;
    while (this.#keptBytes > limitBytes) this.#keptBytes -= this.#kept.shift()?.length ?? 0;
    this.#used = true;
    if (!this.#looking) this.#lookLater();
  }

  #takeKept(sizeBytes: number): Chunk | undefined {
    const at = this.#kept.findLastIndex(({length}) => length >= sizeBytes);
    const chunk = this.#kept[at];
    if (chunk === undefined) return undefined;
    this.#kept.splice(at, 1);
    this.#keptBytes -= chunk.length;
    return chunk;
  }

  #lookLater(): void {
    this.#looking = true;
    this.#options.later(() => {
      this.#looking = false;
      if (this.#used) {
        this.#used = false;
        this.#lookLater();
      } else {
        this.#kept = [];
        this.#keptBytes = 0;
      }
    });
  }
}

/** Powers of two, so that messages of about the same size find each other's. Pages that nobody writes to cost nothing. */
function sizeToKeep(sizeBytes: number): number {
  let size = LARGE_CHUNK_BYTES;
  while (size < sizeBytes) size *= 2;
  return size;
}
