/**
 * 10,000 different statements in turn: what it costs when the cache of statements does not help, and what
 * the server keeps of them.
 */
import {only} from '../../peers/peer';
import {onEveryPeer} from '../statement-runner';
import {repeat} from '../workload';
import type {Workload} from '../workload';

const statementCount = 10_000;

export const churn: Workload = {
  title: '10,000 different statements in turn, pool of 2, 10 in flight',
  poolSize: 2,
  inFlight: 10,
  server: 'memory',
  implementations: onEveryPeer((runner) => {
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
    return {
      check: async () => {
        for (let count = 0; count < 100; count++) checkSum(await ask());
      },
      loop: () => repeat(ask, checkSum),
      figures: async () => ({backendBytes: only(await memory([])).bytes}),
    };
  }),
};
