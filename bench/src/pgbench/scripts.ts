/** The workloads as pgbench runs them. Pure. */
import {pointItemCount} from '../data-set';

export interface PgbenchScript {
  readonly text: string;
  readonly clients: number;
  /** What the table calls an operation; a script may have several. */
  readonly operations: number;
  readonly reconnects: boolean;
}

const point = `\\set id random(1, ${pointItemCount})
SELECT id, name, balance FROM point_item WHERE id = :id;
`;

// A client has a ledger of its own, as every loop of the other peers has.
const transfer = `\\set ledger :client_id + 1
BEGIN;
SELECT balance FROM ledger WHERE id = :ledger;
SELECT name FROM point_item WHERE id = :ledger;
UPDATE ledger SET balance = balance + 1 WHERE id = :ledger RETURNING balance;
INSERT INTO transfer (ledger_id, amount) VALUES (:ledger, 1);
UPDATE ledger_count SET count = count + 1 WHERE id = :ledger;
COMMIT;
`;

const inFlightPerClient = 10;

function script(text: string, clients: number, operations = 1, reconnects = false): PgbenchScript {
  return {text, clients, operations, reconnects};
}

function pipelined(text: string): string {
  return `\\startpipeline\n${text}\\endpipeline\n`;
}

const connect = script(point, 1, 1, true);

/** Only what pgbench can do the same way: it has no rows to give to a program, and no values of a program to send. */
export const scripts: Readonly<Partial<Record<string, PgbenchScript>>> = {
  point: script(pipelined(point.repeat(inFlightPerClient)), 10, inFlightPerClient),
  sequential: script(point, 1),
  tx: script(transfer, 10),
  'tx-batch': script(pipelined(transfer), 10),
  'connect-trust': connect,
  'connect-scram': connect,
};
