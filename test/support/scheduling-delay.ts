/**
 * What a machine with other work to do adds to a time that was measured on it: how long this process was ready to run
 * and had no processor, and for how long any process of the machine had none. Not a number where the system says nothing
 * of it (Linux does: sched(7), /proc/pressure/cpu).
 */
import {readFileSync} from 'node:fs';

export interface Delay {
  readonly ownMilliseconds: number;
  readonly anyMilliseconds: number;
}

/** Begins to measure; the function it gives says what came together since. */
export function watchScheduling(): () => Delay {
  const start = read();
  return () => {
    const now = read();
    return {
      ownMilliseconds: now.ownMilliseconds - start.ownMilliseconds,
      anyMilliseconds: now.anyMilliseconds - start.anyMilliseconds,
    };
  };
}

/** The worst of the times, with what the machine had to do with it. */
export function describeWorst(rounds: readonly (Delay & {readonly took: number})[]): string {
  const worst = rounds.toSorted((one, other) => other.took - one.took).slice(0, 3);
  return worst
    .map(
      ({took, ownMilliseconds, anyMilliseconds}) =>
        `${took.toFixed(0)} ms (without a processor: this process ${ownMilliseconds.toFixed(0)}, any ${anyMilliseconds.toFixed(0)})`,
    )
    .join(', ');
}

function read(): Delay {
  // Nanoseconds on a processor, nanoseconds waiting for one, and how often.
  const [, waited] = textOf('/proc/self/schedstat').split(' ');
  const [, total] = /some .*total=(\d+)/.exec(textOf('/proc/pressure/cpu')) ?? [];
  return {
    ownMilliseconds: Number(waited ?? Number.NaN) / 1e6,
    anyMilliseconds: Number(total ?? Number.NaN) / 1e3,
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
