/**
 * The DataView of a buffer: V8 makes one checked load and a swap of bytes of each of its calls, where four
 * bytes of a buffer are four checked loads that are put together.
 *
 * The rows of one chunk ask for the same view again and again, so the last one is kept.
 *
 * Invariant: no buffer is kept alive by it but the last one, and that only if it is small. Of a larger
 * one, which is a row or two, each view is made anew.
 */

/** More than sockets are read to, so that a chunk of any stream is likely to fit. */
const KEPT_BYTES = 262_144;

let viewed: Buffer | undefined;
let view: DataView = new DataView(new ArrayBuffer(0));

/** The same bytes as `buffer`, at the same offsets. */
export function viewOf(buffer: Buffer): DataView {
  return buffer === viewed ? view : makeView(buffer);
}

function makeView(buffer: Buffer): DataView {
  const made = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  // Of a slice all of the memory would be kept.
  if (buffer.buffer.byteLength <= KEPT_BYTES) {
    viewed = buffer;
    view = made;
  }
  return made;
}
