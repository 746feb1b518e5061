/**
 * Implementations for workloads whose program does not differ between peers, but for how a statement is run.
 */
import type {SessionOptions} from '../../peers/peer';
import type {Implementations} from '../implementations';
import type {Loop} from '../workload';
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
  const implement = (load: () => Promise<OpenRunner>) => async () => {
    const openRunner = await load();
    return {
      open: async (options: SessionOptions) => {
        const runner = await openRunner(options);
        return {...program(runner), close: () => runner.close()};
      },
    };
  };
  return {
    ours: implement(openRunners.ours),
    postgres: implement(openRunners.postgres),
    'pg-pipelined': implement(openRunners['pg-pipelined']),
    'pg-named': implement(openRunners['pg-named']),
    'pg-unnamed': implement(openRunners['pg-unnamed']),
    'databases-pg': implement(openRunners['databases-pg']),
    floor: implement(openRunners.floor),
  };
}
