/** All open lanes of a pool, and the lane that is best for some work. Pools are small: it looks at each. */
import type {Lane, LanePhase} from './lane';
import {accepts} from './lane-policy';
import type {Lease} from './lease';

export class Lanes<R> {
  readonly all: Lane<R>[] = [];
  readonly #byResource = new Map<R, Lane<R>>();

  get size(): number {
    return this.all.length;
  }

  add(lane: Lane<R>): void {
    this.all.push(lane);
    this.#byResource.set(lane.resource, lane);
  }

  remove(lane: Lane<R>): void {
    this.all.splice(this.all.indexOf(lane), 1);
    this.#byResource.delete(lane.resource);
  }

  of(resource: R): Lane<R> | undefined {
    return this.#byResource.get(resource);
  }

  count(phase: LanePhase): number {
    // Asked for each work that waits. An iterator is garbage for each lane until V8 has optimised this.
    let count = 0;
    for (let at = 0; at < this.all.length; at++) if (this.all[at]?.phase === phase) count++;
    return count;
  }

  leases(): Lease<R>[] {
    const leases: Lease<R>[] = [];
    for (const lane of this.all) if (lane.lease !== undefined) leases.push(lane.lease);
    return leases;
  }

  /** The lane with the least to do among those that accept one more fast task. */
  leastLoaded(
    meanMilliseconds: number,
    now: number,
    fit: (lane: Lane<R>, now: number) => boolean,
  ): Lane<R> | undefined {
    let best: Lane<R> | undefined = undefined;
    for (const lane of this.all) {
      if (lane.phase !== 'pipelining' || !accepts(lane, meanMilliseconds, now)) continue;
      if (best !== undefined && best.expectedMilliseconds <= lane.expectedMilliseconds) continue;
      if (fit(lane, now)) best = lane;
    }
    return best;
  }

  /** The lane of fast tasks that is expected to be free first. */
  soonestFree(): Lane<R> | undefined {
    let best: Lane<R> | undefined = undefined;
    for (let at = 0; at < this.all.length; at++) {
      const lane = this.all[at];
      if (lane?.phase !== 'pipelining') continue;
      if (best === undefined || lane.expectedMilliseconds < best.expectedMilliseconds) best = lane;
    }
    return best;
  }
}
