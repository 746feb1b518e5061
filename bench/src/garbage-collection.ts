/**
 * How long V8 kept the main thread from running to collect garbage. What it does on other threads meanwhile
 * is in the CPU time and not here. Bun reports none of this.
 */
import {PerformanceObserver, performance} from 'node:perf_hooks';
import {setImmediate as nextTurn} from 'node:timers/promises';

interface Pause {
  readonly startTime: number;
  readonly duration: number;
}

export interface GarbageCollectionWatch {
  /** The share of the time since `startedAt` (of `performance.now()`) that went into pauses. Ends the watch. */
  shareSince(startedAt: number): Promise<number>;
}

/** Undefined under Bun, which takes the same calls and then never tells. */
export function watchGarbageCollection(): GarbageCollectionWatch | undefined {
  if ('bun' in process.versions) return undefined;
  const pauses: Pause[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const {startTime, duration} of list.getEntries()) pauses.push({startTime, duration});
  });
  observer.observe({entryTypes: ['gc']});
  return {
    async shareSince(startedAt) {
      const endedAt = performance.now();
      // Entries are handed over in a later turn than the pause.
      await nextTurn();
      await nextTurn();
      observer.disconnect();
      return pauseShare(pauses, startedAt, endedAt);
    },
  };
}

/** Milliseconds throughout. Of a pause that reaches over an end, only what is inside counts. */
export function pauseShare(pauses: readonly Pause[], startedAt: number, endedAt: number): number {
  let inside = 0;
  for (const {startTime, duration} of pauses) {
    const from = Math.max(startTime, startedAt);
    const until = Math.min(startTime + duration, endedAt);
    inside += Math.max(0, until - from);
  }
  return inside / (endedAt - startedAt);
}
