/** For tests: what work leaves behind on the heap, once the garbage is collected. */
import {collectGarbage} from './collect-garbage.test.support';

export function heapGrowthBytes(work: () => void): number {
  // Once for what is compiled and allocated at first.
  work();
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  work();
  collectGarbage();
  return process.memoryUsage().heapUsed - before;
}
