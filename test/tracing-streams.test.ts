/** When the channel of streams and copies says that they have ended. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {DataTypeID, sql} from '@databases/pg';
import type {Queryable, StreamTrace} from '@databases/pg';
import {eventually} from './support/activity';
import {FAILURE, SUCCESS, eventsOf, hear, traceOf} from './support/channels';
import {useDatabase} from './support/database';
import {gate} from './support/gate';

const database = useDatabase();

const isStream = (trace: object): trace is StreamTrace => 'kind' in trace;

test('streams and copies are told of from their begin to their end', async (context) => {
  const told = hear(context, 'stream');
  const {db} = database;
  await db.task(async (task) => {
    await task.query(sql`CREATE TEMPORARY TABLE numbers (n int)`);
    await task.copyFrom(sql`COPY numbers (n) FROM STDIN`, [[1], [2], [3]]);
    for await (const row of task.queryStream(sql`SELECT n FROM numbers WHERE n < ${3}`)) {
      assert.ok(row.n < 3);
      // Still being read, so not at its end.
      assert.equal(told.filter(([event]) => event === 'asyncEnd').length, 1);
    }
    for await (const bytes of task.copyTo(sql`COPY numbers TO STDOUT`)) {
      assert.ok(bytes.length > 0);
      break;
    }
  });
  await eventually('all have ended', () => told.length === 3 * SUCCESS.length);
  const kinds = [0, 1, 2].map((index) => {
    const {kind, rowCount, error, parameterCount} = traceOf(told, isStream, index);
    return [kind, rowCount, error, parameterCount];
  });
  assert.deepEqual(kinds, [
    ['copyFrom', 3, undefined, 0],
    ['queryStream', 2, undefined, 1],
    ['copyTo', undefined, undefined, 0],
  ]);
});

async function readThatFails() {
  for await (const row of database.db.queryStream(
    sql`SELECT 1 / (3 - g) AS n FROM generate_series(1, 9) g`,
  )) {
    assert.ok(row.n <= 1);
  }
}

test('a stream that is left early has not failed; one that fails has', async (context) => {
  const told = hear(context, 'stream');
  for await (const row of database.db.queryStream(sql`SELECT generate_series(1, 100) AS n`)) {
    assert.equal(row.n, 1);
    break;
  }
  await eventually('it has ended', () => told.length === SUCCESS.length);
  assert.deepEqual(eventsOf(told), SUCCESS);
  await assert.rejects(readThatFails(), {code: '22012'});
  await eventually('both have ended', () => told.length > 2 * SUCCESS.length);
  assert.deepEqual(eventsOf(told).slice(SUCCESS.length), FAILURE);
});

test('a stream whose last row cannot be read has failed', async (context) => {
  const told = hear(context, 'stream');
  const db = database.pool({
    poolSize: 1,
    types: {
      [DataTypeID.int4](text: string) {
        if (text === '3') throw new Error('three');
        return text;
      },
    },
  });
  const seen: unknown[] = [];
  const reading = async () => {
    for await (const {n} of db.queryStream(sql`SELECT generate_series(1, 3) AS n`)) {
      seen.push(n);
      // Needs the connection, which is free once the server is done.
      await db.query(sql`SELECT 'free'`);
    }
  };
  await assert.rejects(reading(), /three/);
  assert.deepEqual(seen, ['1', '2']);
  await eventually('it has ended', () => told.length === FAILURE.length);
  assert.deepEqual(eventsOf(told), FAILURE);
  assert.match(String(traceOf(told, isStream, 0).error), /three/);
});

/** Reads a row and never comes back, as a function does that forgets its iterator. */
async function abandon(db: Queryable, rows: number): Promise<void> {
  const options = {batchSize: 10};
  const query = sql`SELECT generate_series(1, ${rows}::int) AS n`;
  await db.queryStream(query, options)[Symbol.asyncIterator]().next();
}

test('a stream of a transaction or task that nobody reads on ends with the connection given back', async (context) => {
  const told = hear(context, 'stream');
  const db = database.pool({poolSize: 1});
  await db.tx((tx) => abandon(tx, 1000));
  await db.task((task) => abandon(task, 5));
  await db.query(sql`SELECT 1`);
  assert.deepEqual(eventsOf(told), [...SUCCESS, ...SUCCESS]);
  const rows = [0, 1].map((index) => traceOf(told, isStream, index).rowCount);
  assert.ok(rows[0] !== undefined && rows[0] >= 10 && rows[0] < 1000);
  assert.equal(rows[1], 5);
});

test('a stream of the pool that nobody reads on ends with its connection', async (context) => {
  const told = hear(context, 'stream');
  const db = database.pool({poolSize: 1});
  await abandon(db, 5);
  // It has its connection no longer, but who knows whether the rows are still read?
  await db.task((task) => task.query(sql`SELECT 1`));
  assert.deepEqual(eventsOf(told), ['start', 'end']);
  await db.dispose();
  await eventually('it has ended', () => told.length === SUCCESS.length);
  assert.deepEqual(eventsOf(told), SUCCESS);
  assert.equal(traceOf(told, isStream).rowCount, 5);
});

test('a stream that nobody reads on has failed if the server was not done when the connection broke', async (context) => {
  const told = hear(context, 'stream');
  const db = database.pool({poolSize: 1, onError: () => undefined});
  await abandon(db, 1000);
  db.disconnect('of the test');
  await eventually('it has ended', () => told.length === FAILURE.length);
  // Between two batches of a transaction nothing is in flight that could be lost.
  using held = gate();
  const run = db.tx(async (tx) => {
    await abandon(tx, 1000);
    // Behind all that is read ahead.
    for (let i = 0; i < 4; i++) await tx.query(sql`SELECT 1`);
    db.disconnect('once more');
    await held.opened;
  });
  await eventually('that has, too', () => told.length === 2 * FAILURE.length);
  assert.deepEqual(eventsOf(told), [...FAILURE, ...FAILURE]);
  held.open();
  await assert.rejects(run, {code: 'PG_CONNECTION_LOST'});
  await abandon(db, 5);
  await db.query(sql`SELECT 1`);
  db.disconnect('and again');
  await eventually('all have', () => told.length === 2 * FAILURE.length + SUCCESS.length);
  assert.deepEqual(eventsOf(told).slice(2 * FAILURE.length), SUCCESS);
});
