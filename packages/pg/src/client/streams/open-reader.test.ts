import assert from 'node:assert/strict';
import {test} from 'node:test';
import sql from '@databases/sql';
import {assertCollected} from '../../connection/collected.test.support';
import {streamChannel} from '../../tracing';
import type {Queryable} from '../api/queryable';
import {scriptedPool} from '../scripted-pool.test.support';
import {RowReader} from './row-reader';

const script = {
  query: () => ({columns: ['text'], rows: [['a'], ['b'], ['c']]}),
  describe: () => ['text'],
};

test('the trace of a stream that was read is not kept', async (t) => {
  let trace: WeakRef<object> | undefined;
  const hear = (begun: unknown) => {
    if (typeof begun === 'object' && begun !== null) trace = new WeakRef(begun);
  };
  streamChannel.start.subscribe(hear);
  t.after(() => streamChannel.start.unsubscribe(hear));
  const {db} = await scriptedPool(t, script);
  let rows = 0;
  for await (const _ of db.queryStream(sql`select text`)) rows++;
  assert.equal(rows, 3);
  assert.ok(trace !== undefined);
  await assertCollected(trace);
});

/** Its iterator is not kept by the test. */
async function readOne(db: Queryable): Promise<void> {
  const rows = db.queryStream(sql`select text`);
  await rows[Symbol.asyncIterator]().next();
}

test('a trace that waits for a reader who never comes back does not keep the reader', async (t) => {
  let ended = 0;
  const hear = () => ended++;
  streamChannel.asyncEnd.subscribe(hear);
  t.after(() => streamChannel.asyncEnd.unsubscribe(hear));
  let reader: WeakRef<object> | undefined;
  const start = RowReader.start.bind(RowReader);
  // No mock: it would keep what it has given.
  RowReader.start = async (parts) => {
    const opened = await start(parts);
    reader = new WeakRef(opened);
    return opened;
  };
  t.after(() => (RowReader.start = start));
  const {db} = await scriptedPool(t, script);
  await readOne(db);
  await db.query(sql`select text`);
  assert.ok(reader !== undefined);
  await assertCollected(reader);
  assert.equal(ended, 0);
  await db.dispose();
  assert.equal(ended, 1);
});
