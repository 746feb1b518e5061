import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import type {ConnectionPoolConfig} from '@databases/pg';
import {aliveUntil} from './support/alive';
import {processId} from './support/activity';
import {useServer} from './support/server';

const postgres = useServer();

type Event = readonly [name: string, text: string, ...more: unknown[]];

function observedPool(options: ConnectionPoolConfig = {}) {
  const events: Event[] = [];
  const db = createConnectionPool({
    connectionString: postgres.url,
    poolSize: 1,
    onQueryStart: (_query, {text, values}) => void events.push(['start', text, [...values]]),
    onQueryResults: (_query, {text}, rows) => void events.push(['results', text, rows]),
    onQueryError: (_query, {text}, error) =>
      void events.push(['error', text, Reflect.get(error, 'code')]),
    ...options,
  });
  return {db, events};
}

const undescribed = () => [sql`SELECT ${[1]}::int[] AS a`, sql`SELECT ${['b']}::text[] AS b`];

test('handlers are told of a query and of its rows', async () => {
  const {db, events} = observedPool();
  await db.query(sql`SELECT ${1}::int AS one`);
  await db.task((task) => task.query(sql`SELECT 2 AS two`));
  await db.tx((tx) => tx.query(sql`SELECT 3 AS three`));
  assert.deepEqual(events, [
    ['start', 'SELECT $1::int AS one', [1]],
    ['results', 'SELECT $1::int AS one', [{one: 1}]],
    ['start', 'SELECT 2 AS two', []],
    ['results', 'SELECT 2 AS two', [{two: 2}]],
    ['start', 'SELECT 3 AS three', []],
    ['results', 'SELECT 3 AS three', [{three: 3}]],
  ]);
  await db.dispose();
});

test('handlers are given the query object itself', async () => {
  const seen: unknown[] = [];
  await using db = createConnectionPool({
    connectionString: postgres.url,
    onQueryStart: (query) => void seen.push(query),
    onQueryResults: (query) => void seen.push(query),
  });
  const query = sql`SELECT 1; SELECT 2`;
  await db.query(query);
  assert.deepEqual(
    seen.map((each) => each === query),
    [true, true, true, true],
  );
});

test('they are told of every statement of a text and of every query of an array', async () => {
  const {db, events} = observedPool();
  await db.query(sql`SELECT ${1}::int AS a; SELECT ${2}::int AS b`);
  await db.query([sql`SELECT 3 AS c`, sql`SELECT 4 AS d`]);
  assert.deepEqual(
    events.map(([name, text, more]) => [name, text, more]),
    [
      ['start', 'SELECT $1::int AS a', [1]],
      ['start', 'SELECT $1::int AS b', [2]],
      ['results', 'SELECT $1::int AS a', [{a: 1}]],
      ['results', 'SELECT $1::int AS b', [{b: 2}]],
      ['start', 'SELECT 3 AS c', []],
      ['start', 'SELECT 4 AS d', []],
      ['results', 'SELECT 3 AS c', [{c: 3}]],
      ['results', 'SELECT 4 AS d', [{d: 4}]],
    ],
  );
  await db.dispose();
});

test('they are told of the statement that failed', async () => {
  const {db, events} = observedPool();
  await assert.rejects(db.query(sql`SELECT 1/0`), {code: '22012'});
  assert.deepEqual(events.splice(0), [
    ['start', 'SELECT 1/0', []],
    ['error', 'SELECT 1/0', '22012'],
  ]);
  await assert.rejects(db.query([sql`SELECT 1`, sql`SELECT 1/0`, sql`SELECT 2`]));
  assert.deepEqual(events.splice(3), [
    ['results', 'SELECT 1', [{'?column?': 1}]],
    ['error', 'SELECT 1/0', '22012'],
  ]);
  await db.dispose();
});

test('they are told once of queries whose parameter types the server is asked for', async () => {
  const {db, events} = observedPool();
  const expected = ['start', 'start', 'results', 'results'];
  const names = () => events.splice(0).map(([name]) => name);
  await db.query(undescribed());
  assert.deepEqual(names(), expected);
  await db.task((task) =>
    task.query([sql`SELECT ${[2]}::int[] AS c`, sql`SELECT ${['c']}::text[] AS d`]),
  );
  assert.deepEqual(names(), expected);
  await db.tx((tx) =>
    tx.query([sql`SELECT ${[3]}::int[] AS e`, sql`SELECT ${['d']}::text[] AS f`]),
  );
  assert.deepEqual(names(), expected);
  await db.query(sql`SELECT ${[4]}::int[] AS g`);
  assert.deepEqual(names(), ['start', 'results']);
  await assert.rejects(db.query([sql`SELECT 1`, sql`SELECT ${['x']}::int[] AS wrong`]));
  assert.deepEqual(names(), ['start', 'start', 'results', 'error']);
  await db.dispose();
});

test('they are told of what a stream runs and of its error', async () => {
  const {db, events} = observedPool();
  for await (const _ of db.queryStream(sql`SELECT 1`)) void _;
  await assert.rejects(db.queryNodeStream(sql`SELECT 1/0`).toArray());
  assert.deepEqual(
    events.filter(([name]) => name !== 'results'),
    [
      ['start', 'SELECT 1', []],
      ['start', 'SELECT 1/0', []],
      ['error', 'SELECT 1/0', '22012'],
    ],
  );
  await db.dispose();
});

const misbehaviours: readonly [string, () => unknown, object][] = [
  ['throws', () => assert.fail('of the handler'), {message: 'of the handler'}],
  ['returns a value', () => 1, {name: 'UsageError', code: 'PG_INVALID_ARGUMENT'}],
  ['is async', async () => undefined, {name: 'UsageError', code: 'PG_INVALID_ARGUMENT'}],
];

for (const [what, misbehave, expected] of misbehaviours) {
  test(`a handler that ${what} fails the query, and the pool goes on`, async () => {
    for (const name of ['onQueryStart', 'onQueryResults'] as const) {
      let behaves = false;
      const {db} = observedPool({[name]: () => (behaves ? undefined : misbehave())});
      await assert.rejects(db.query(sql`SELECT 1`), expected);
      await assert.rejects(db.query([sql`SELECT 1`, sql`SELECT 2`]), expected);
      await assert.rejects(
        db.tx((tx) => tx.query(sql`SELECT 1`)),
        expected,
      );
      if (name === 'onQueryStart') {
        await assert.rejects(db.queryNodeStream(sql`SELECT 1`).toArray(), expected);
      }
      behaves = true;
      assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
      await db.dispose();
    }
  });

  test(`an onQueryError handler that ${what} is what the query rejects with`, async () => {
    const {db} = observedPool({onQueryError: misbehave});
    await assert.rejects(db.query(sql`SELECT 1/0`), expected);
    await assert.rejects(db.queryNodeStream(sql`SELECT 1/0`).toArray());
    assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
    await db.dispose();
  });
}

test('connections are told of when they open and when they close', async () => {
  const events: string[] = [];
  const db = createConnectionPool({
    connectionString: postgres.url,
    poolSize: 1,
    onConnectionOpened: () => void events.push('opened'),
    onConnectionClosed: () => void events.push('closed'),
  });
  await db.query(sql`SELECT 1`);
  await db.query(sql`SELECT 1`);
  assert.deepEqual(events, ['opened']);
  await db.dispose();
  assert.deepEqual(events, ['opened', 'closed']);
});

test('why a connection was closed is told, whatever it was used for', async () => {
  await using observer = createConnectionPool(postgres.url);
  for (const use of ['query', 'task', 'tx', 'idle'] as const) {
    const closed: (Error | undefined)[] = [];
    const told = new Promise<void>((resolve) => {
      const onConnectionClosed = (reason?: Error) => {
        closed.push(reason);
        resolve();
      };
      void (async () => {
        await using db = createConnectionPool({
          connectionString: postgres.url,
          poolSize: 1,
          onConnectionClosed,
          onError: () => undefined,
        });
        const own = sql`SELECT pg_terminate_backend(pg_backend_pid())`;
        if (use === 'query') await assert.rejects(db.query(own));
        else if (use === 'task') await assert.rejects(db.task((task) => task.query(own)));
        else if (use === 'tx') await assert.rejects(db.tx((tx) => tx.query(own)));
        else await observer.query(sql`SELECT pg_terminate_backend(${await processId(db)}::int)`);
        await told;
      })();
    });
    await aliveUntil(told);
    assert.equal(Reflect.get(Object(closed[0]), 'code'), '57P01', `${use}: ${closed[0]?.message}`);
  }
});
