/** What pgbench writes down of each run of its script with `--log`. Pure. */

/** Microseconds are its third column: client, number, time, script, second, microsecond. */
const timeColumn = 2;
const microsecondsPerMillisecond = 1000;

/** Milliseconds, ascending. */
export function sortedLatencies(log: string): Float64Array {
  const lines = log.split('\n').filter((line) => line !== '');
  const latencies = Float64Array.from(
    lines,
    (line) => Number(line.split(' ')[timeColumn]) / microsecondsPerMillisecond,
  );
  if (latencies.some((latency) => Number.isNaN(latency))) throw new Error('not a log of pgbench');
  return latencies.sort();
}
