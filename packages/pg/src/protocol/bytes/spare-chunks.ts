/**
 * Memory with room left that no writer needs at the moment, for all writers of the process together.
 *
 * A writer borrows a chunk for the messages of one flush and gives back what they left of it, so that
 * connections that are idle hold no memory for writing.
 *
 * Invariant: what lies behind a spare's offset was never given to a socket.
 */
import type {Chunk} from './chunk';

export class SpareChunks {
  readonly #limit: number;
  // Two arrays, not one of pairs: giving back allocates nothing.
  readonly #chunks: Chunk[] = [];
  readonly #offsets: number[] = [];
  /** Where the room of the chunk that `borrow` gave begins. */
  offset = 0;

  /** @param limit How many are kept; a peak of busy connections must not stay in memory. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The chunk that was given back last; its room begins at `offset`. Undefined if there is none. */
  borrow(): Chunk | undefined {
    const chunk = this.#chunks.pop();
    this.offset = this.#offsets.pop() ?? 0;
    return chunk;
  }

  giveBack(chunk: Chunk, offset: number): void {
    if (this.#chunks.length >= this.#limit) return;
    this.#chunks.push(chunk);
    this.#offsets.push(offset);
  }
}

/** The one of this process. 512 KiB at most, with chunks of the size that connections use. */
export const spareChunks = new SpareChunks(32);
