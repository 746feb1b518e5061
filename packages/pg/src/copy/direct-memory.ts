/**
 * The memory of a ByteWriter, as direct encoders write to it.
 *
 * Invariant: between `open` and `close` nothing else is written to the same writer.
 */
import type {ByteWriter} from '../protocol';

const NO_MEMORY = new DataView(new ArrayBuffer(0));

const UINT32 = 4_294_967_296;

/** An int8 from a number that is an integer and exact. */
export function setInt64(memory: DataView, at: number, value: number): void {
  const high = Math.floor(value / UINT32);
  memory.setInt32(at, high);
  memory.setUint32(at + 4, value - high * UINT32);
}

// Plain fields, not `#`: they are used for each row and value.
export class DirectMemory {
  /** What the numbers of `open` and `close` count in. Another one after each `open`, if need be. */
  view: DataView = NO_MEMORY;
  private bytes: Uint8Array | undefined;
  /** Where begins what the writer does not know of yet. */
  private from = 0;

  /** Makes room. Gives where it begins. */
  open(out: ByteWriter, sizeBytes: number): number {
    const at = out.room(sizeBytes);
    const {memory} = out;
    if (memory !== this.bytes) {
      this.bytes = memory;
      this.view = new DataView(memory.buffer, memory.byteOffset, memory.length);
    }
    this.from = at;
    return at;
  }

  /** @param at Behind what was written. */
  close(out: ByteWriter, at: number): void {
    out.wrote(at - this.from);
  }
}
