/**
 * What a cluster costs where there is nothing to be spread: reads and writes of one server, through a plain pool and
 * through a cluster over it. Writes go into a table that is not logged, so that the server has little to do.
 */
import {only} from '../../peers/peer';
import {checkRow, pointLoop} from '../point';
import {implementationsOf} from '../programs';
import type {Programs} from '../programs';
import {repeat} from '../workload';
import type {Loop, Workload} from '../workload';
import type {ClusterProgram} from './program';

// What is looked for is a twentieth: less than V8's compiling is, even after a second of such short operations.
const leastWarmUpOperations = 200_000;

const programs: Programs<ClusterProgram> = {
  ours: () => import('./ours.js'),
  'ours-cluster': () => import('./ours-cluster.js'),
};

export const clusterPoint = workloadOf('select by primary key', (program, slot) =>
  pointLoop(slot, program.point),
);

export const clusterWrite = workloadOf('insert of one row', (program, slot) => {
  let id = slot;
  return repeat(
    () => program.write(++id),
    (rows) => {
      if (only(rows).id !== id) throw new Error(`note ${id} came as ${JSON.stringify(rows)}`);
    },
  );
});

function workloadOf(
  title: string,
  loopOf: (program: ClusterProgram, slot: number) => Loop,
): Workload {
  return {
    title: `${title}, pool of 10, 100 in flight, by itself and in a cluster of one server`,
    poolSize: 10,
    inFlight: 100,
    server: 'memory',
    leastWarmUpOperations,
    implementations: implementationsOf(programs, (program) => ({
      check: async () => {
        checkRow(1, await program.point(1));
        if (only(await program.write(0)).id !== 0) throw new Error('note 0 came as another');
      },
      loop: (slot) => loopOf(program, slot),
      close: () => program.close(),
    })),
  };
}
