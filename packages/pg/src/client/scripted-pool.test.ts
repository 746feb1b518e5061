import assert from 'node:assert/strict';
import {test} from 'node:test';
import sql from '@databases/sql';
import {TransactionError} from '../errors';
import type {BackendScript, ScriptedReply} from '../protocol/testing';
import {CATALOGUE_QUERY} from '../types';
import {scriptedPool} from './scripted-pool.test.support';

const UNKNOWN = 99_999;
const NO_ROWS = /^(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)/;

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Every other statement gives its own text, three times over. */
const script: BackendScript = {
  query(text): ScriptedReply {
    if (text.startsWith('RELEASE')) return {commandTag: 'RELEASE'};
    if (text.startsWith('ROLLBACK TO')) return {commandTag: 'ROLLBACK TO'};
    if (NO_ROWS.test(text)) return {};
    if (text === CATALOGUE_QUERY) return {columns: ['oid'], rows: []};
    if (text.includes('fail')) return {error: {code: '22012', message: 'division by zero'}};
    return {columns: ['text'], rows: [[text], [text], [text]]};
  },
  describe(text) {
    if (NO_ROWS.test(text)) return undefined;
    if (text === CATALOGUE_QUERY) return ['oid'];
    return [{name: 'text', typeOid: text.includes('unknown') ? UNKNOWN : 25}];
  },
};

test('a stream of a type that has to be looked up first gives its own rows', async (t) => {
  for (const prepare of [true, false]) {
    const {db, texts} = await scriptedPool(t, script, {prepare});
    for (let i = 0; i < 3; i++) {
      const rows: unknown[] = [];
      for await (const row of db.queryStream(sql`select unknown`)) rows.push(row.text);
      assert.deepEqual(rows, Array(3).fill('select unknown'));
    }
    assert.equal(texts().filter((text) => text === CATALOGUE_QUERY).length, 1);
  }
});

test('a handler that throws fails the stream it was told of, and nothing hangs', async (t) => {
  const {db} = await scriptedPool(t, script, {
    onQueryError: () => {
      throw new Error('of the program');
    },
  });
  const stream = db.queryStream(sql`select fail`);
  await assert.rejects(async () => {
    for await (const row of stream) assert.fail(String(row));
  }, /of the program/);
  const [row] = await db.query(sql`select 1`);
  assert.equal(row.text, 'select 1');
});

test('a row that is none of the result costs the connection, as nothing it says can be relied on', async (t) => {
  const {db, connections, messages} = await scriptedPool(t, {
    ...script,
    query: (text) =>
      text === 'select broken'
        ? {columns: ['text'], rows: [['1'], ['2', 'too many'], ['3'], ['4'], ['5'], ['6'], ['7']]}
        : {columns: ['text'], rows: [['whole']]},
  });
  const seen: unknown[] = [];
  const reading = async () => {
    for await (const row of db.queryStream(sql`select broken`, {batchSize: 2})) {
      seen.push(row.text);
      // The second batch is in when a third is asked for.
      while (messages().filter(({kind}) => kind === 'Execute').length < 3) await turn();
    }
  };
  await assert.rejects(reading(), /DataRow has 2 columns, RowDescription announced 1/);
  assert.deepEqual(seen, ['1']);
  assert.deepEqual(await db.query(sql`select whole`), [{text: 'whole'}]);
  assert.equal(connections(), 2);
});

test('leaving a stream early inside a transaction does not cancel, which would fail the transaction', async (t) => {
  const {db, messages, texts} = await scriptedPool(t, script);
  await db.tx(async (tx) => {
    for await (const row of tx.queryStream(sql`select many`, {batchSize: 1})) {
      assert.equal(row.text, 'select many');
      break;
    }
    await tx.query(sql`select behind`);
  });
  assert.ok(messages().every((message) => message.kind !== 'CancelRequest'));
  assert.deepEqual(texts().slice(-2), ['select behind', 'COMMIT']);
});

test('queries of a task that were not awaited end before the connection goes to somebody else', async (t) => {
  const {db, texts} = await scriptedPool(t, script);
  const ended: string[] = [];
  let left: Promise<unknown> | undefined;
  await db.task(async (task) => {
    left = task.query(sql`select left`).then(() => ended.push('left'));
  });
  ended.push('task');
  await left;
  assert.deepEqual(ended, ['left', 'task']);
  assert.deepEqual(texts(), ['select left']);
});

test('in a task what is sent behind a failing array of queries does not fail with it', async (t) => {
  const {db} = await scriptedPool(t, script);
  await db.task(async (task) => {
    const [failed, behind] = await Promise.allSettled([
      task.query([sql`select 1`, sql`select fail`]),
      task.query(sql`select behind`),
    ]);
    assert.equal(failed.status, 'rejected');
    assert.equal(behind.status, 'fulfilled');
  });
});

test('when BEGIN fails nothing runs, also when its error is caught', async (t) => {
  const {db, texts} = await scriptedPool(t, {
    ...script,
    query: (text, parameters) =>
      text.startsWith('BEGIN')
        ? {error: {code: '25006', message: 'cannot begin'}}
        : script.query(text, parameters),
  });
  await assert.rejects(
    db.tx(
      async (tx) => {
        await tx.query(sql`select first`).catch(() => undefined);
        await tx.query(sql`select second`).catch(() => undefined);
      },
      {readOnly: false},
    ),
    /cannot begin/,
  );
  assert.ok(!texts().includes('select second'));
});

test('when BEGIN fails nothing runs of what was asked for at the same time', async (t) => {
  const {db, texts} = await scriptedPool(t, {
    ...script,
    query: (text, parameters) =>
      text.startsWith('BEGIN')
        ? {error: {code: '25006', message: 'cannot begin'}}
        : script.query(text, parameters),
  });
  await assert.rejects(
    db.tx((tx) => Promise.allSettled([tx.query(sql`select first`), tx.query(sql`select second`)])),
    /cannot begin/,
  );
  assert.ok(!texts().includes('select second'));
  assert.equal((await db.query(sql`select after`)).length, 3);
});

test('a transaction that was rolled back by a query is not reported as committed', async (t) => {
  const {db, texts} = await scriptedPool(t, script);
  await assert.rejects(
    db.tx(async (tx) => {
      await tx.query(sql`select 1`);
      await tx.query(sql`ROLLBACK`);
    }),
    TransactionError,
  );
  assert.ok(!texts().includes('COMMIT'));
});

test('a nested transaction whose failure was caught inside is rolled back, and the outer one goes on', async (t) => {
  const {db, texts} = await scriptedPool(t, script);
  await db.tx(async (tx) => {
    await assert.rejects(
      tx.tx(async (nested) => {
        await nested.query(sql`select fail`).catch(() => undefined);
      }),
      (error) => error instanceof TransactionError && error.cause instanceof Error,
    );
    await tx.query(sql`select behind`);
  });
  assert.deepEqual(
    texts().map((text) => text.replace(/ d\d+$/, '')),
    [
      'BEGIN',
      'SAVEPOINT',
      'select fail',
      'ROLLBACK TO SAVEPOINT',
      'RELEASE SAVEPOINT',
      'select behind',
      'COMMIT',
    ],
  );
});

test('the same where the query that failed was not awaited', async (t) => {
  const {db, texts} = await scriptedPool(t, script);
  await db.tx(async (tx) => {
    await assert.rejects(
      tx.tx(async (nested) => {
        void nested.query(sql`select fail`).catch(() => undefined);
      }),
      TransactionError,
    );
    await tx.query(sql`select behind`);
  });
  assert.deepEqual(texts().slice(-2), ['select behind', 'COMMIT']);
});

test('nothing comes between the question for the types of parameters and the query', async (t) => {
  const {db, texts} = await scriptedPool(t, script);
  await db.tx(async (tx) => {
    await tx.query(sql`select first`);
    await Promise.all([
      tx.query(sql`select ${[1]}`),
      tx.tx((nested) => nested.query(sql`select nested`)),
      tx.query(sql`select last`),
    ]);
  });
  assert.deepEqual(
    texts().map((text) => text.replace(/ d\d+$/, '')),
    [
      'BEGIN',
      'select first',
      'select $1',
      'SAVEPOINT',
      'select nested',
      'RELEASE SAVEPOINT',
      'select last',
      'COMMIT',
    ],
  );
});

test('a type is not looked up while a stream has the connection to itself', async (t) => {
  const {db} = await scriptedPool(t, script);
  await db.task(async (task) => {
    const unknown = task.query(sql`select unknown`);
    const rows: unknown[] = [];
    for await (const row of task.queryStream(sql`select many`, {batchSize: 1})) rows.push(row.text);
    assert.deepEqual(rows, Array(3).fill('select many'));
    const [row] = await unknown;
    assert.equal(row.text, 'select unknown');
  });
});

test('several queries with arrays and unknown types in a transaction do not wait for themselves', async (t) => {
  const {db} = await scriptedPool(t, script, {acquireLockTimeoutMilliseconds: 2000});
  const rows = await db.tx((tx) =>
    tx.query([sql`select unknown ${[1]}`, sql`select unknown too ${[2]}`]),
  );
  assert.deepEqual(
    rows.map((each) => each[0].text),
    ['select unknown $1', 'select unknown too $1'],
  );
});

test('handlers are told of each statement in order, and of its rows or its error', async (t) => {
  const told: string[] = [];
  const {db} = await scriptedPool(t, script, {
    onQueryStart: (_, {text}) => void told.push(`start ${text}`),
    onQueryResults: (_, {text}, rows) => void told.push(`${rows.length} rows of ${text}`),
    onQueryError: (_, {text}, error) => void told.push(`${error.message} in ${text}`),
  });
  await db.query(sql`select 1; select 2`);
  await db.query(sql`select fail`).catch(() => undefined);
  assert.deepEqual(told, [
    'start select 1',
    'start select 2',
    '3 rows of select 1',
    '3 rows of select 2',
    'start select fail',
    'division by zero in select fail',
  ]);
});

test('a query that is aborted behind another is cancelled when it is its turn', async (t) => {
  const {db, messages} = await scriptedPool(t, script);
  await db.task(async (task) => {
    const abort = new AbortController();
    const first = task.query(sql`select first`);
    const second = task.query(sql`select second`, {signal: abort.signal});
    abort.abort(new Error('enough'));
    await assert.rejects(second, /enough/);
    await first;
    await task.query(sql`select third`);
  });
  await db.dispose();
  assert.equal(messages().filter((message) => message.kind === 'CancelRequest').length, 1);
});
