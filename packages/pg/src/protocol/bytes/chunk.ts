/**
 * Memory that a ByteWriter fills: a Buffer whose `utf8Write` is known to exist.
 *
 * `utf8Write` is what `Buffer.write(s, offset, 'utf8')` ends in; calling it directly saves the
 * argument juggling, which is most of the cost for short strings. Its type is not declared, hence the guard.
 */

export type Chunk = Buffer & {
  /** Writes what fits behind `offset` and returns the number of bytes written. */
  utf8Write(text: string, offset: number): number;
};

function isChunk(buffer: Buffer): buffer is Chunk {
  return 'utf8Write' in buffer && typeof buffer.utf8Write === 'function';
}

/** Uninitialised memory of its own: not a part of Node's shared pool, so that it is freed as a whole. */
export function allocateChunk(sizeBytes: number): Chunk {
  const buffer = Buffer.allocUnsafeSlow(sizeBytes);
  if (!isChunk(buffer)) {
    throw new Error('This runtime has no Buffer.prototype.utf8Write, which Node has had since 0.5');
  }
  return buffer;
}
