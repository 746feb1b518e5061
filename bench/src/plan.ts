/** The order of the runs. Pure. */
export interface Run<Workload, Peer> {
  readonly round: number;
  readonly workload: Workload;
  readonly peer: Peer;
}

/**
 * All peers of a workload come directly after each other, because only neighbours in time can be compared,
 * and in every second round in reverse, so that none always follows the same one. A run that goes on where another
 * ended says with `firstRound` which round it begins with.
 */
export function plan<Workload, Peer>(
  workloads: readonly Workload[],
  peers: readonly Peer[],
  rounds: number,
  firstRound = 0,
): Run<Workload, Peer>[] {
  const runs: Run<Workload, Peer>[] = [];
  for (let round = firstRound; round < firstRound + rounds; round++) {
    const order = round % 2 === 0 ? peers : peers.toReversed();
    for (const workload of workloads) {
      for (const peer of order) runs.push({round, workload, peer});
    }
  }
  return runs;
}
