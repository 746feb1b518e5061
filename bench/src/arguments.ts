/** Reads the command line. Pure. */
import {parseArgs} from 'node:util';
import {isPeerName, peerNames} from './peers';
import type {PeerName} from './peers';
import {isWorkloadName, workloadNames} from './workloads';
import type {WorkloadName} from './workloads';

export interface Arguments {
  readonly workloads: readonly WorkloadName[];
  readonly peers: readonly PeerName[];
  readonly rounds: number;
  /** The number of the first one: what comes before it is in the files of earlier runs. */
  readonly firstRound: number;
  /** Measured time of each run; what comes before it for warming up is in warm-up.ts. */
  readonly seconds: number;
  readonly resultsFolder: string | undefined;
  readonly profileFolder: string | undefined;
  /** Files of earlier runs to report as one, instead of measuring. */
  readonly from: readonly string[];
  readonly writeGuide: boolean;
}

export const usage = `npm run bench -- [workload ...] [--peers a,b] [--rounds 5] [--first-round 0] [--seconds 1] [--results folder] [--profile folder]
npm run bench -- --from results.json    # report an earlier run again; several, with --from for each, as one
either with --write-guide               # and put it into docs/guide/performance.md, .svg and docs/design/performance/goals.md

workloads: ${workloadNames.join(', ')} (default: all)
peers:     ${peerNames.join(', ')} (default: all)`;

/** Throws an Error that says what is wrong and how it is used. */
export function parseArguments(line: readonly string[]): Arguments {
  const {values, positionals} = parseArgs({
    args: [...line],
    allowPositionals: true,
    options: {
      peers: {type: 'string'},
      rounds: {type: 'string', default: '5'},
      'first-round': {type: 'string', default: '0'},
      seconds: {type: 'string', default: '1'},
      results: {type: 'string'},
      profile: {type: 'string'},
      from: {type: 'string', multiple: true, default: []},
      'write-guide': {type: 'boolean', default: false},
    },
  });
  const peers = values.peers === undefined ? peerNames : values.peers.split(',');
  const rounds = Number(values.rounds);
  const firstRound = Number(values['first-round']);
  const seconds = Number(values.seconds);
  if (!Number.isInteger(rounds) || rounds < 1) throw wrong(`--rounds ${values.rounds}`);
  if (!Number.isInteger(firstRound) || firstRound < 0)
    throw wrong(`--first-round ${values['first-round']}`);
  if (!(seconds > 0 && seconds <= 600)) throw wrong(`--seconds ${values.seconds}`);
  return {
    workloads: positionals.length === 0 ? workloadNames : checked(positionals, isWorkloadName),
    peers: checked(peers, isPeerName),
    rounds,
    firstRound,
    seconds,
    resultsFolder: values.results,
    profileFolder: values.profile,
    from: values.from,
    writeGuide: values['write-guide'],
  };
}

function checked<Name extends string>(
  names: readonly string[],
  isName: (name: string) => name is Name,
): Name[] {
  return names.map((name) => {
    if (!isName(name)) throw wrong(name);
    return name;
  });
}

function wrong(what: string): Error {
  return new Error(`${what} is not possible.\n\n${usage}`);
}
