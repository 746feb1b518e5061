/**
 * How long the event loop stood still while something ran: the longest turn, in milliseconds. A machine with other
 * work to do stops a process, too, so a figure means something only beside one of the same kind without that work.
 */
export async function longestTurn(run: () => Promise<unknown>): Promise<number> {
  let [longest, last] = [0, performance.now()];
  let turning = true;
  const turn = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (turning) setImmediate(turn);
  };
  setImmediate(turn);
  try {
    await run();
  } finally {
    turning = false;
  }
  return Math.max(longest, performance.now() - last);
}

/**
 * The least of several: what comes from elsewhere does not come every time, and what `run` itself does, does. No more
 * are tried once one took no longer than `enough` milliseconds.
 */
export async function steadyLongestTurn(
  times: number,
  run: (index: number) => Promise<unknown>,
  enough = 0,
): Promise<number> {
  let least = Infinity;
  for (let index = 0; index < times && least > enough; index++) {
    least = Math.min(least, await longestTurn(() => run(index)));
  }
  return least;
}
