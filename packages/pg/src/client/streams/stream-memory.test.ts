/** However a stream ends, the memory of its rows is for the next one at once, not when it is collected. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import sql from '@databases/sql';
import type {Queryable, QueryStreamOptions} from '../api/queryable';
import {lentBlocks} from '../../connection/memory/lent-blocks.test.support';
import {scriptedPool} from '../scripted-pool.test.support';

const ROWS = 40;

/** An int4 in its binary format. */
const FOUR_BYTES = 'four';

const script = {
  query: (text: string) =>
    /^(?:BEGIN|COMMIT|ROLLBACK)/.test(text)
      ? {}
      : {columns: ['n'], rows: Array.from({length: ROWS}, () => [FOUR_BYTES])},
  describe: (text: string) => (text === 'select n' ? [{name: 'n', typeOid: 23}] : undefined),
};

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Reads so many rows, then goes. */
async function readSome(db: Queryable, rows: number, options: QueryStreamOptions): Promise<void> {
  let left = rows;
  for await (const _ of db.queryStream(sql`select n`, options)) if (--left === 0) return;
}

const ways: Record<string, (db: Queryable, batchSize: number) => Promise<unknown>> = {
  'read to its end': (db, batchSize) => readSome(db, Infinity, {batchSize}),
  'left at its first row': (db, batchSize) => readSome(db, 1, {batchSize}),
  'left in the middle': (db, batchSize) => readSome(db, 20, {batchSize}),
  async 'aborted in the middle'(db, batchSize) {
    const {signal, abort} = abortable();
    const reading = async () => {
      let left = 20;
      for await (const _ of db.queryStream(sql`select n`, {batchSize, signal})) {
        if (--left === 0) abort();
      }
    };
    await assert.rejects(reading(), /enough/);
  },
  async 'aborted when all is there'(db, batchSize) {
    const {signal, abort} = abortable();
    const rows = db.queryStream(sql`select n`, {batchSize, signal})[Symbol.asyncIterator]();
    await rows.next();
    await turn();
    abort();
    await assert.rejects(rows.next(), /enough/);
  },
  async 'destroyed as a Readable'(db, batchSize) {
    const rows = db.queryNodeStream(sql`select n`, {batchSize, highWaterMark: 2});
    for await (const _ of rows) break;
  },
};

function abortable() {
  const controller = new AbortController();
  return {signal: controller.signal, abort: () => controller.abort(new Error('enough'))};
}

for (const [way, read] of Object.entries(ways)) {
  test(`a stream that is ${way} keeps no memory`, async (t) => {
    const lent = lentBlocks(t);
    const {db} = await scriptedPool(t, script);
    for (const batchSize of [1, 7, 100]) {
      await read(db, batchSize);
      // The last batch of a transaction may be on its way.
      await db.tx(async (tx) => read(tx, batchSize));
      assert.equal(lent(), 0, `batches of ${batchSize}`);
    }
  });
}

test('a stream that breaks off keeps no memory once its reader has heard of it', async (t) => {
  const lent = lentBlocks(t);
  const {db} = await scriptedPool(t, script, {onError: () => undefined});
  const reading = async () => {
    let left = 20;
    for await (const _ of db.queryStream(sql`select n`, {batchSize: 7})) {
      if (--left === 0) db.disconnect('of the test');
    }
  };
  await assert.rejects(reading(), {code: 'PG_CONNECTION_LOST'});
  assert.equal(lent(), 0);
});

test('a value that cannot be read leaves no memory behind, nor do the batches behind it', async (t) => {
  const lent = lentBlocks(t);
  const {db} = await scriptedPool(t, {
    ...script,
    query: (text: string) =>
      text === 'select n'
        ? {
            columns: ['n'],
            rows: Array.from({length: ROWS}, (_, n) => [n === 9 ? 'five!' : FOUR_BYTES]),
          }
        : {},
  });
  await assert.rejects(readSome(db, Infinity, {batchSize: 7}), {code: 'PG_VALUE_MALFORMED'});
  assert.equal(lent(), 0);
});

test('leaving a stream gives back what was read ahead', async (t) => {
  const lent = lentBlocks(t);
  const {db} = await scriptedPool(t, script);
  for await (const _ of db.queryStream(sql`select n`, {batchSize: 7})) {
    while (lent() < 2) await turn();
    break;
  }
  assert.equal(lent(), 0);
});

test('nor does a stream keep any that is aborted while its statement is prepared once more', async (t) => {
  const lent = lentBlocks(t);
  const {signal, abort} = abortable();
  // Twice for each time it is run: statement and portal.
  let described = 0;
  let run = 0;
  const {db} = await scriptedPool(t, {
    query: (text: string) =>
      ++run === 1
        ? {error: {code: '26000', message: 'prepared statement does not exist'}}
        : script.query(text),
    describe(text: string) {
      if (++described === 3) abort();
      return script.describe(text);
    },
  });
  const reading = readSome(db, Infinity, {batchSize: 7, signal});
  await assert.rejects(reading, /enough/);
  assert.equal(run, 2);
  assert.equal(lent(), 0);
});
