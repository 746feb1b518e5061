/**
 * Up to which of the writes that a node has acknowledged a position is known.
 *
 * Writes are counted, not remembered: what the primary says of its log covers all that it had acknowledged before it
 * was asked, on whatever connection. Sends nothing itself.
 *
 * Invariant: the position covers the first `covered` of the acknowledged writes, as long as they were made on `timeline`.
 */
import type {Lsn} from './lsn';

export class Coverage {
  /** How many there were, ever. */
  acknowledged = 0;
  covered = 0;
  timeline = 0;
  lsn: Lsn = -1n;

  /** @param count How many were acknowledged when the node was asked. */
  cover(count: number, timeline: number, lsn: Lsn): void {
    if (timeline < this.timeline) return;
    if (timeline === this.timeline && count <= this.covered && this.lsn >= 0n) return;
    this.covered = count;
    this.timeline = timeline;
    this.lsn = lsn;
  }
}
