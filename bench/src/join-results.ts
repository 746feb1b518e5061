/**
 * Makes the results of several whole runs one, with the rounds of all of them. Pure.
 *
 * Ratios are made within a round, so rounds of different hours may stand beside each other; rounds of another
 * machine, version or length may not, nor the same round twice.
 */
import type {Results} from './result';

/** The circumstances are those of the first one. @throws Error where they do not belong together. */
export function joinResults([first, ...others]: readonly Results[]): Results {
  if (first === undefined) throw new Error('there is nothing to join');
  return others.reduce(join, first);
}

function join(one: Results, other: Results): Results {
  const differing = circumstancesOf(one).find(
    ([name, value]) => value !== new Map(circumstancesOf(other)).get(name),
  );
  if (differing !== undefined) throw unlike(one, other, `differ in ${differing[0]}`);
  const rounds = roundsOf(one);
  const twice = [...roundsOf(other)].find((round) => rounds.has(round));
  if (twice !== undefined)
    throw unlike(one, other, `both have a round ${twice}: --first-round numbers them apart`);
  return {...one, rounds: one.rounds + other.rounds, runs: [...one.runs, ...other.runs]};
}

/** What has to be the same for the figures to mean the same. */
function circumstancesOf({machine, postgres, seconds, workloads, peers}: Results) {
  return Object.entries({
    'the processor': machine.cpu,
    'the number of cores': machine.cores,
    'the system': machine.system,
    'the version of Node': machine.node,
    'the version of Postgres': postgres,
    'the seconds of a run': seconds,
    'the workloads': JSON.stringify(workloads),
    'the peers or their versions': JSON.stringify(peers),
  });
}

function roundsOf({runs}: Results): ReadonlySet<number> {
  return new Set(runs.map(({round}) => round));
}

function unlike(one: Results, other: Results, how: string): Error {
  return new Error(
    `the runs of ${one.machine.date} and ${other.machine.date} cannot be joined: they ${how}`,
  );
}
