/** Brings the code to its speed before it is measured. Nothing is said by this bench about cold programs. */

export interface WarmUpOptions {
  /** One period of work, of so many seconds by the clock. Gives the number of operations. */
  readonly work: (seconds: number) => Promise<number>;
  readonly seconds: number;
  /** CPU seconds of this process up to now. */
  readonly cpuSeconds: () => number;
  /** What the workload asks for besides. Default 0. */
  readonly leastOperations?: number;
}

/**
 * What V8 compiles depends on how often code ran, not on how long ago it started: on a machine that others
 * use as well, a time by the clock can be over after a tenth of the operations. Of the peers, ours takes
 * longest: its CPU per operation falls tenfold over the first 4000 point selects or 3000 transactions, and
 * hardly after them. Those take about this much.
 */
const leastCpuSeconds = 1.5;
/** A workload that waits more than it computes needs not wait for ever, ... */
const mostPeriodsForCpu = 4;
/** ... and what asks for a number of operations gets them where they are not far too slow for it. */
const mostPeriodsForOperations = 20;

/** Works for `seconds` by the clock, and on until there was enough of CPU and operations. Gives the operations. */
export async function warmUp({
  work,
  seconds,
  cpuSeconds,
  leastOperations = 0,
}: WarmUpOptions): Promise<number> {
  const before = cpuSeconds();
  let operations = 0;
  for (let period = 1; ; period++) {
    operations += await work(seconds);
    const enoughCpu = cpuSeconds() - before >= leastCpuSeconds || period >= mostPeriodsForCpu;
    const enoughOperations = operations >= leastOperations || period >= mostPeriodsForOperations;
    if (enoughCpu && enoughOperations) return operations;
  }
}
