/**
 * The tables, and the same values computed again in JavaScript: what the workers check answers against.
 *
 * The workers of all peers read this file, so nothing of ours may be loaded by it: `sql` is that of the pool.
 */
import type {ConnectionPool} from '@databases/pg';
import {only} from './peers/peer';
import type {PointRow} from './peers/peer';
import type {InsertItem} from './workloads/insert/program';
import type {StreamRow} from './workloads/stream/program';
import {createArrays} from './workloads/arrays/values';
import {createDocuments} from './workloads/jsonb/documents';
import {createLargeValues} from './workloads/large-values/values';

export const pointItemCount = 10_000;
export const wideItemCount = 1000;
export const ledgerCount = 100;
export const streamItemCount = 100_000;
export const insertItemCount = 100_000;

const firstInstant = Date.UTC(2024, 0, 1);
const millisecondsPerMinute = 60_000;

export function pointItem(id: number): PointRow {
  return {id, name: `item ${id}`, balance: (id * 37) % 1009};
}

/** As workload `rows` normalises it: numbers for counter, created_at (milliseconds) and amount. */
export function wideItem(id: number): unknown {
  const digits = String(id).padStart(12, '0');
  return {
    id,
    counter: id * 1_000_003,
    ratio: id / 8,
    active: id % 2 === 0,
    name: `name ${id}`,
    note: id % 3 === 0 ? null : `a note about the item with the number ${id}, of some length`,
    created_at: firstInstant + id * millisecondsPerMinute,
    amount: id + 0.25,
    key: `6f1c2b3a-0d4e-4f5a-8b6c-${digits}`,
    tags: {id, kinds: ['a', 'b']},
  };
}

/** As all peers decode it. */
export function streamItem(id: number): StreamRow {
  return {
    id,
    account: (id * 37) % 1009,
    kind: `kind ${id % 7}`,
    amount: id / 8,
    happened_at: new Date(firstInstant + id * millisecondsPerMinute),
    note: id % 3 === 0 ? null : `a note about the item with the number ${id}`,
  };
}

/** What workload `insert` stores. */
export function insertItem(id: number): InsertItem {
  return {
    id,
    name: `the name of item ${id}`,
    score: id / 8,
    happened_at: new Date(firstInstant + id * millisecondsPerMinute),
    active: id % 2 === 0,
  };
}

export async function createDataSet(db: ConnectionPool): Promise<void> {
  const {sql} = db;
  await db.query(sql`
    CREATE TABLE point_item (id int PRIMARY KEY, name text NOT NULL, balance int NOT NULL);
    INSERT INTO point_item
      SELECT id, 'item ' || id, id * 37 % 1009 FROM generate_series(1, ${pointItemCount}::int) id;
    CREATE TABLE wide_item (
      id int PRIMARY KEY, counter bigint, ratio float8, active boolean, name text, note text,
      created_at timestamptz, amount numeric(12, 2), key uuid, tags jsonb
    );
    INSERT INTO wide_item
      SELECT id, id * 1000003::bigint, id / 8.0, id % 2 = 0, 'name ' || id,
        CASE WHEN id % 3 <> 0
          THEN 'a note about the item with the number ' || id || ', of some length' END,
        '2024-01-01 00:00:00Z'::timestamptz + id * interval '1 minute', id + 0.25,
        ('6f1c2b3a-0d4e-4f5a-8b6c-' || lpad(id::text, 12, '0'))::uuid,
        jsonb_build_object('id', id, 'kinds', array['a', 'b'])
      FROM generate_series(1, ${wideItemCount}::int) id;
    CREATE TABLE stream_item (
      id int PRIMARY KEY, account int, kind text, amount float8, happened_at timestamptz, note text
    );
    INSERT INTO stream_item
      SELECT id, id * 37 % 1009, 'kind ' || id % 7, id / 8.0,
        '2024-01-01 00:00:00Z'::timestamptz + id * interval '1 minute',
        CASE WHEN id % 3 <> 0 THEN 'a note about the item with the number ' || id END
      FROM generate_series(1, ${streamItemCount}::int) id;
    CREATE UNLOGGED TABLE insert_item (
      id int, name text, score float8, happened_at timestamptz, active boolean
    );
    CREATE UNLOGGED TABLE cluster_note (id int NOT NULL);
    CREATE TABLE ledger (id int PRIMARY KEY, balance int NOT NULL);
    CREATE TABLE ledger_count (id int PRIMARY KEY, count int NOT NULL);
    CREATE TABLE transfer (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ledger_id int NOT NULL, amount int NOT NULL
    )
  `);
  await clearLedgers(db);
  await createLargeValues(db);
  await createArrays(db);
  await createDocuments(db);
  await db.query(sql`ANALYZE`);
}

export async function clearLedgers(db: ConnectionPool): Promise<void> {
  const {sql} = db;
  await db.query(sql`
    TRUNCATE ledger, ledger_count, transfer;
    INSERT INTO ledger SELECT id, 0 FROM generate_series(1, ${ledgerCount}::int) id;
    INSERT INTO ledger_count SELECT id, 0 FROM generate_series(1, ${ledgerCount}::int) id
  `);
}

/** Throws unless all three tables hold exactly `expected` transfers since `clearLedgers`. */
export async function checkTransfers(db: ConnectionPool, expected: number): Promise<void> {
  const {sql} = db;
  const rows: {balance: number; counted: number; noted: number}[] = await db.query(sql`
    SELECT (SELECT sum(balance) FROM ledger)::int AS balance,
      (SELECT sum(count) FROM ledger_count)::int AS counted,
      (SELECT count(*) FROM transfer)::int AS noted
  `);
  const {balance, counted, noted} = only(rows);
  if (balance !== expected || counted !== expected || noted !== expected) {
    throw new Error(
      `${expected} transactions were reported, but the tables hold ${balance}, ${counted} and ${noted}`,
    );
  }
}
