/**
 * 10,000 different statements in turn, and what the server keeps of them. Each peer keeps as many as its documentation
 * says how to: `pg` all that have a name, ours all with `maxPreparedStatements`. `ours-default` keeps 512: what it costs
 * when most are not kept. What a first use costs is not in it: all have been run twice before the time begins.
 */
import {only} from '../../peers/peer';
import {onEveryPeer, onRunner} from '../statement-runner';
import type {Program} from '../statement-runner';
import type {StatementRunner} from '../statement-runner/statement-runner';
import {repeat} from '../workload';
import type {Workload} from '../workload';

const statementCount = 10_000;
const inFlight = 10;

export const churn: Workload = {
  title: '10,000 different statements in turn, pool of 2, 10 in flight',
  poolSize: 2,
  inFlight,
  server: 'memory',
  implementations: {
    ...onEveryPeer(programOf),
    ours: onRunner(programOf, async () =>
      (await import('../statement-runner/ours.js')).openKeeping(statementCount),
    ),
    'ours-default': onRunner(
      programOf,
      async () => (await import('../statement-runner/ours.js')).openRunner,
    ),
  },
};

function programOf(runner: StatementRunner): Program {
  const statements = Array.from({length: statementCount}, (_, index) =>
    runner.prepare<{sum: number}>(`add_${index}`, `SELECT $1::int + ${index} AS sum`),
  );
  // Of the one backend that answers; the connections are used alike.
  const memory = runner.prepare<{bytes: number}>(
    'memory',
    'SELECT sum(total_bytes)::float8 AS bytes FROM pg_backend_memory_contexts',
  );
  let turn = 0;
  const ask = async () => {
    const index = turn++ % statementCount;
    const statement = statements[index];
    if (statement === undefined) throw new Error('no such statement');
    return {index, rows: await statement([1])};
  };
  const checkSum = ({index, rows}: Awaited<ReturnType<typeof ask>>) => {
    const {sum} = only(rows);
    if (sum !== index + 1) throw new Error(`1 + ${index} came as ${sum}`);
  };
  const askTenth = async () => {
    for (let count = 0; count < (2 * statementCount) / inFlight; count++) checkSum(await ask());
  };
  return {
    check: async () => {
      await Promise.all(Array.from({length: inFlight}, askTenth));
    },
    loop: () => repeat(ask, checkSum),
    figures: async () => ({backendBytes: only(await memory([])).bytes}),
  };
}
