/**
 * Implementations for workloads whose program does not differ between peers, but for how a statement is run.
 */
import type {SessionOptions} from '../../peers/peer';
import type {Implementations} from '../implementations';
import type {Implementation, Loop} from '../workload';
import type {OpenRunner, StatementRunner} from './statement-runner';

/** The rest of a workload, once there is something to run statements with. */
export interface Program {
  check(): Promise<void>;
  loop(slot: number): Loop;
  figures?(): Promise<Readonly<Record<string, number>>>;
}

const openRunners = {
  ours: async () => (await import('./ours.js')).openRunner,
  postgres: async () => (await import('./postgres.js')).openRunner,
  'pg-pipelined': async () => (await import('./pg-pipelined.js')).openRunner,
  'pg-named': async () => (await import('./pg-pool.js')).openNamed,
  'pg-unnamed': async () => (await import('./pg-pool.js')).openUnnamed,
  'databases-pg': async () => (await import('./databases-pg.js')).openRunner,
  floor: async () => (await import('./floor.js')).openRunner,
} as const satisfies Readonly<Record<string, () => Promise<OpenRunner>>>;

/** The same program for all peers, without the floor, which reads no arrays. */
export function onEveryClient(program: (runner: StatementRunner) => Program): Implementations {
  const {floor: _floor, ...clients} = onEveryPeer(program);
  return clients;
}

/** The same program for all peers that there is a runner of. */
export function onEveryPeer(program: (runner: StatementRunner) => Program): Implementations {
  return {
    ours: onRunner(program, openRunners.ours),
    postgres: onRunner(program, openRunners.postgres),
    'pg-pipelined': onRunner(program, openRunners['pg-pipelined']),
    'pg-named': onRunner(program, openRunners['pg-named']),
    'pg-unnamed': onRunner(program, openRunners['pg-unnamed']),
    'databases-pg': onRunner(program, openRunners['databases-pg']),
    floor: onRunner(program, openRunners.floor),
  };
}

/** The program on one runner, which is loaded only in the process that measures it. */
export function onRunner(
  program: (runner: StatementRunner) => Program,
  load: () => Promise<OpenRunner>,
): () => Promise<Implementation> {
  return async () => {
    const openRunner = await load();
    return {
      open: async (options: SessionOptions) => {
        const runner = await openRunner(options);
        return {...program(runner), close: () => runner.close()};
      },
    };
  };
}
