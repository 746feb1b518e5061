/** Brings the code to its speed before it is measured. Nothing is said by this bench about cold programs. */

export interface WarmUpOptions {
  /** One period of work, of so many seconds by the clock. Gives the number of operations. */
  readonly work: (seconds: number) => Promise<number>;
  readonly seconds: number;
  /** CPU seconds of this process up to now. */
  readonly cpuSeconds: () => number;
}

/**
 * What V8 compiles depends on how often code ran, not on how long ago it started: on a machine that others
 * use as well, a time by the clock can be over after a tenth of the operations. Of the peers, ours takes
 * longest: its CPU per operation falls tenfold over the first 4000 point selects or 3000 transactions, and
 * hardly after them. Those take about this much.
 */
const leastCpuSeconds = 1.5;
/** A workload that waits more than it computes needs not wait for ever. */
const mostPeriods = 4;

/** Works for `seconds` by the clock, and on until the process has used enough CPU. Gives the operations. */
export async function warmUp({work, seconds, cpuSeconds}: WarmUpOptions): Promise<number> {
  const before = cpuSeconds();
  let operations = 0;
  for (let period = 0; period < mostPeriods; period++) {
    operations += await work(seconds);
    if (cpuSeconds() - before >= leastCpuSeconds) break;
  }
  return operations;
}
