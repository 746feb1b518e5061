/**
 * A transaction of five awaited statements, committed to the disk.
 *
 * Every loop has a ledger of its own: what is measured is the client and the commit, not waiting for locks.
 */
import {ledgerCount} from '../data-set';
import {repeat} from './workload';
import type {Workload} from './workload';

export const tx: Workload = {
  title: 'transaction of five awaited statements, fsync on, pool of 10, 10 in flight',
  poolSize: 10,
  inFlight: 10,
  server: 'durable',
  // The runner counts in the database what was committed; here the balances are followed.
  check: () => Promise.resolve(),
  loop: (session, slot) => {
    if (slot >= ledgerCount) throw new Error(`there are ${ledgerCount} ledgers only`);
    let balance = 0;
    return repeat(
      () => session.transfer(slot + 1),
      (answer) => {
        balance += 1;
        if (answer !== balance) throw new Error(`ledger ${slot + 1}: ${answer}, not ${balance}`);
      },
    );
  },
};
