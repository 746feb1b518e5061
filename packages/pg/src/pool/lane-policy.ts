/**
 * Which work may share a resource, and with how much of it. Pure: numbers in, decisions out.
 *
 * Work sent behind other work waits for it, so sharing pays only where the work ahead is short. The numbers
 * were chosen by measurement (policy v3 in performance.md §4); change them with a measurement, too.
 */

/** Work that usually takes longer than this is slow; no lane is given more expected work than this either. */
export const SLOW_MILLISECONDS = 5;
/** A lane is overdue when its first task runs for longer than both of these: it is not what it usually is. */
export const OVERDUE_MILLISECONDS = 1;
export const OVERDUE_FACTOR = 4;
/** Tasks in flight on one lane at most, where the options say nothing else and the other side is near. */
export const DEFAULT_MAX_PIPELINE = 16;
/** One more for each part of the round trip of this length: what it takes to keep a distant server busy. */
export const ROUND_TRIP_PER_TASK_MILLISECONDS = 0.1;
export const DISTANT_MAX_PIPELINE = 128;
/** Answers come later than the shortest round trip by chance; up to this part of it says nothing of the work. */
export const ROUND_TRIP_JITTER = 0.25;
/** A lane that was full takes no more until it is down to this part of full: fewer, larger writes. */
export const REFILL_FRACTION = 0.5;
/** The part of the pool that slow work leaves free: at least, where there is little else to do, and at most. */
export const LEAST_RESERVED_FRACTION = 0.1;
export const MOST_RESERVED_FRACTION = 0.2;

/**
 * - `fast`: known to be short; may share a resource.
 * - `alone`: needs a resource for itself, because nothing is known of it or because it says so.
 * - `slow`: needs a resource for itself, and only a part of the pool serves such work at a time.
 */
export type WorkKind = 'fast' | 'alone' | 'slow';

export interface WorkCost {
  readonly alone: boolean;
  readonly cost: {readonly meanMilliseconds: number};
}

export function kindOf(work: WorkCost): WorkKind {
  const mean = work.cost.meanMilliseconds;
  if (mean > SLOW_MILLISECONDS) return 'slow';
  return work.alone || mean === 0 ? 'alone' : 'fast';
}

/** How many resources slow work leaves free: at least one where there are two, and it has at least one itself. */
export function reserveLimits(max: number): {readonly least: number; readonly most: number} {
  const part = (fraction: number) => Math.min(max - 1, Math.max(1, Math.floor(max * fraction)));
  return {least: part(LEAST_RESERVED_FRACTION), most: part(MOST_RESERVED_FRACTION)};
}

/** The depth at or below which a lane that was full takes work again. */
export function refillDepth(maxPipeline: number): number {
  return Math.floor(maxPipeline * REFILL_FRACTION);
}

/** Tasks in flight on one lane at most, when its answers are this long on their way. */
export function depthFor(roundTripMilliseconds: number): number {
  const onTheirWay = Math.floor(roundTripMilliseconds / ROUND_TRIP_PER_TASK_MILLISECONDS);
  return Math.min(DEFAULT_MAX_PIPELINE + onTheirWay, DISTANT_MAX_PIPELINE);
}

/**
 * Until when what was sent at `sentAt` is on its way there and back, rather than being worked on. Waiting for the network
 * keeps no resource busy: work that is short is not slow because the other side is far away.
 */
export function underWayUntil(sentAt: number, roundTripMilliseconds: number): number {
  return sentAt + roundTripMilliseconds * (1 + ROUND_TRIP_JITTER);
}

/** What the policy needs to know of a lane that runs fast work. */
export interface LaneLoad {
  /** False from the moment the lane was full until it is down to `refillDepth`. */
  readonly refilling: boolean;
  readonly expectedMilliseconds: number;
  /** Since when the first task in flight can have been worked on, and how long its kind usually takes. */
  readonly headSince: number;
  readonly headMeanMilliseconds: number;
}

export function isOverdue(load: LaneLoad, now: number): boolean {
  const age = now - load.headSince;
  return age > OVERDUE_MILLISECONDS && age > load.headMeanMilliseconds * OVERDUE_FACTOR;
}

/** May fast work of this mean be sent behind what the lane runs already? */
export function accepts(load: LaneLoad, meanMilliseconds: number, now: number): boolean {
  return (
    load.refilling &&
    load.expectedMilliseconds + meanMilliseconds <= SLOW_MILLISECONDS &&
    !isOverdue(load, now)
  );
}
