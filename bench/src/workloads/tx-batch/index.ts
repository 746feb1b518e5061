/** The transaction of `tx` by a program that needs no answer in between, and says so. */
import {ledgerCount} from '../../data-set';
import {implementationsOf} from '../programs';
import {repeat} from '../workload';
import type {Workload} from '../workload';
import type {TransferProgram} from './program';

export const txBatch: Workload = {
  title: 'transaction of five statements given at once, fsync on, pool of 10, 10 in flight',
  poolSize: 10,
  inFlight: 10,
  server: 'durable',
  implementations: implementationsOf<TransferProgram>(
    {
      ours: () => import('./ours.js'),
      postgres: () => import('./postgres.js'),
      bun: () => import('./bun.js'),
      'pg-pipelined': () => import('./pg-pipelined.js'),
      'databases-pg': () => import('./databases-pg.js'),
    },
    (program) => ({
      check: () => Promise.resolve(),
      loop: (slot) => {
        if (slot >= ledgerCount) throw new Error(`there are ${ledgerCount} ledgers only`);
        let balance = 0;
        return repeat(
          () => program.transfer(slot + 1),
          (answer) => {
            balance += 1;
            if (answer !== balance)
              throw new Error(`ledger ${slot + 1}: ${answer}, not ${balance}`);
          },
        );
      },
      close: () => program.close(),
    }),
  ),
};
