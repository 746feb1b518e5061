/**
 * Memory that one large frame has to itself, which can be given to the program instead of being copied for it.
 *
 * It knows neither frames nor values. Invariants: memory that was given is never written to again by this package; what
 * is given has held nothing but the one frame, and at least half of it is the value that it is given for.
 */

const soleFrames = new WeakMap<Buffer, 'ours' | 'given'>();

/** From here on a frame has memory of its own, and copying shows. */
export const SOLE_FRAME_BYTES = 65_536;

/** Memory for exactly one frame. */
export function allocateFrame(sizeBytes: number): Buffer {
  const buffer = Buffer.allocUnsafeSlow(sizeBytes);
  if (sizeBytes >= SOLE_FRAME_BYTES) soleFrames.set(buffer, 'ours');
  return buffer;
}

/** Whether another frame may be put there. If so, it is not given to anybody any more. */
export function takeBackFrame(buffer: Buffer): boolean {
  if (soleFrames.get(buffer) === 'given') return false;
  soleFrames.delete(buffer);
  return true;
}

/** The bytes for the program to keep, without a copy; undefined where they have to be copied. */
export function giveBytes(buffer: Buffer, start: number, end: number): Buffer | undefined {
  if (2 * (end - start) < buffer.length || !soleFrames.has(buffer)) return undefined;
  soleFrames.set(buffer, 'given');
  return buffer.subarray(start, end);
}
