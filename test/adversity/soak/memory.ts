/** Whether memory stays flat: the heap at the checkpoints, after collecting garbage. Pure. */
import type {Checkpoint} from './record';

export interface Growth {
  readonly fromBytes: number;
  readonly toBytes: number;
  readonly isFlat: boolean;
}

/**
 * Compares the last checkpoints with those behind the warm-up, which is the first third.
 * Undefined: there are too few to tell.
 */
export function growthOf(checkpoints: readonly Checkpoint[], most = 0.1): Growth | undefined {
  const warm = checkpoints.slice(Math.ceil(checkpoints.length / 3));
  if (warm.length < 3) return undefined;
  const third = Math.ceil(warm.length / 3);
  const [fromBytes, toBytes] = [least(warm.slice(0, third)), least(warm.slice(-third))];
  return {fromBytes, toBytes, isFlat: toBytes <= fromBytes * (1 + most)};
}

/** The least of several: garbage that a checkpoint caught is no growth. */
function least(checkpoints: readonly Checkpoint[]): number {
  return Math.min(...checkpoints.map(({heapBytes}) => heapBytes));
}
