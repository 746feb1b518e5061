/** What the diagnostics channels tell, and that they change nothing. */
import assert from 'node:assert/strict';
import {AsyncLocalStorage} from 'node:async_hooks';
import {channel, tracingChannel} from 'node:diagnostics_channel';
import {test} from 'node:test';
import {inspect} from 'node:util';
import {isSQLError, sql} from '@databases/pg';
import type {AcquireTrace, QueryTrace, ReleaseTrace} from '@databases/pg';
import {eventually} from './support/activity';
import {FAILURE, SUCCESS, eventsOf, hear, traceOf} from './support/channels';
import {useDatabase} from './support/database';
import {gate} from './support/gate';

const database = useDatabase();

/** A way out of the callbacks that one is in. */
const outside = AsyncLocalStorage.snapshot();

const isQuery = (trace: object): trace is QueryTrace => 'queryText' in trace;
const isRelease = (trace: unknown): trace is ReleaseTrace =>
  typeof trace === 'object' && trace !== null && 'heldMilliseconds' in trace;
const isAcquire = (trace: object): trace is AcquireTrace => 'purpose' in trace;

test('a query is told of with its text, its server and its rows, and without its values', async (context) => {
  const told = hear(context, 'query');
  const db = database.pool({poolName: 'shop', schema: 'public'});
  assert.deepEqual(await db.query(sql`SELECT ${'secret'}::text AS a`), [{a: 'secret'}]);
  assert.deepEqual(eventsOf(told), SUCCESS);
  assert.equal(new Set(told.map(([, trace]) => trace)).size, 1);
  const trace = traceOf(told, isQuery);
  const url = new URL(database.url);
  assert.deepEqual(Object.fromEntries(Object.entries(trace)), {
    serverAddress: url.hostname,
    serverPort: Number(url.port),
    database: url.pathname.slice(1),
    schema: 'public',
    poolName: 'shop',
    error: undefined,
    queryText: 'SELECT $1::text AS a',
    batchSize: undefined,
    parameterCount: 1,
    rowCount: 1,
  });
  assert.ok(!inspect(trace, {depth: 9, showHidden: true}).includes('secret'));
  assert.ok(!JSON.stringify(trace).includes('secret'));
  assert.deepEqual(trace.parameterValues(), ['secret']);
});

test('queries of tasks, transactions and pipelines are told of as those of the pool are', async (context) => {
  const told = hear(context, 'query');
  const {db} = database;
  await db.task((task) => task.query(sql`SELECT 1`));
  await db.tx((tx) => tx.query(sql`SELECT 2`));
  await db.pipeline([sql`SELECT 3`, [sql`SELECT 4`, sql`SELECT ${5}::int`]]);
  const texts = [0, 1, 2, 3].map((index) => traceOf(told, isQuery, index).queryText);
  assert.deepEqual(texts, ['SELECT 1', 'SELECT 2', 'SELECT 3', 'SELECT 4; SELECT $1::int']);
  await db.pipeline([sql`SELECT 1`, sql`SELECT 2`]);
  const again = [4, 5].map((index) => traceOf(told, isQuery, index).queryText);
  assert.deepEqual(again, ['SELECT 1', 'SELECT 2']);
  const {batchSize, parameterCount, rowCount} = traceOf(told, isQuery, 3);
  assert.deepEqual(
    {batchSize, parameterCount, rowCount},
    {batchSize: 2, parameterCount: 1, rowCount: 2},
  );
});

async function theCaller() {
  await database.db.query(sql`SELECT 1 / 0`);
}

test('a query that fails is told of with its error, and the caller gets that with its own stack', async (context) => {
  const told = hear(context, 'query');
  const error: unknown = await theCaller().catch((reason: unknown) => reason);
  assert.ok(isSQLError(error));
  assert.match(error.stack ?? '', /theCaller/);
  assert.deepEqual(eventsOf(told), FAILURE);
  const trace = traceOf(told, isQuery);
  assert.equal(trace.error, error);
  assert.equal(trace.rowCount, undefined);
});

test('a value that cannot be sent is an end like any other, also inside a transaction', async (context) => {
  const told = hear(context, 'query');
  await assert.rejects(
    database.db.tx(async (tx) => {
      await tx.query(sql`SELECT 1`);
      await tx.query(sql`SELECT ${'\0'}::text`);
    }),
    {code: 'PG_PARAMETER_INVALID'},
  );
  assert.deepEqual(eventsOf(told), [...SUCCESS, ...FAILURE]);
});

test('an empty query is not told of, because the server is not asked', async (context) => {
  const told = hear(context, 'query');
  assert.deepEqual(await database.db.query([]), []);
  assert.deepEqual(await database.db.query(sql`-- nothing`), []);
  assert.deepEqual(told, []);
});

test('what is bound to the start of a transaction is seen by the queries in it', async (context) => {
  const storage = new AsyncLocalStorage<string>();
  const {start} = tracingChannel('@databases/pg:transaction');
  start.bindStore(storage, () => 'the transaction');
  context.after(() => start.unbindStore(storage));
  const transactions = hear(context, 'transaction');
  const seen: unknown[] = [];
  const onQuery = () => void seen.push(storage.getStore());
  const queries = tracingChannel('@databases/pg:query');
  queries.start.subscribe(onQuery);
  context.after(() => queries.start.unsubscribe(onQuery));
  await database.db.tx(
    async (tx) => {
      await tx.query(sql`SELECT 1`);
      await tx.tx((nested) => nested.query(sql`SELECT 2`));
    },
    {readOnly: true},
  );
  await database.db.query(sql`SELECT 3`);
  assert.deepEqual(seen, ['the transaction', 'the transaction', undefined]);
  assert.deepEqual(eventsOf(transactions), SUCCESS);
  const [[, trace] = []] = transactions;
  assert.deepEqual(
    [Reflect.get(trace ?? {}, 'attempts'), Reflect.get(trace ?? {}, 'readOnly')],
    [1, true],
  );
});

test('a transaction that is retried is one trace of several attempts', async (context) => {
  const transactions = hear(context, 'transaction');
  let runs = 0;
  await database.db.tx(
    async (tx) => {
      runs++;
      if (runs === 1) await tx.query(sql`DO $$ BEGIN RAISE SQLSTATE '40001'; END $$`);
    },
    {retrySerializationFailures: true},
  );
  assert.deepEqual(eventsOf(transactions), SUCCESS);
  assert.equal(Reflect.get(transactions[0]?.[1] ?? {}, 'attempts'), 2);
});

test('who holds a connection is told of when it is acquired and when it is given back', async (context) => {
  const told = hear(context, 'acquire');
  const released: ReleaseTrace[] = [];
  const hearRelease = (message: unknown) => {
    if (isRelease(message)) released.push(message);
  };
  channel('@databases/pg:release').subscribe(hearRelease);
  context.after(() => channel('@databases/pg:release').unsubscribe(hearRelease));
  const db = database.pool({poolName: 'small'});
  await db.task(async (task) => {
    await task.query(sql`SELECT pg_sleep(0.03)`);
    assert.deepEqual(eventsOf(told), SUCCESS);
    assert.deepEqual(released, []);
  });
  assert.equal(traceOf(told, isAcquire).purpose, 'task');
  const [first] = released;
  assert.ok(first !== undefined && first.heldMilliseconds >= 29);
  assert.deepEqual([first.purpose, first.poolName], ['task', 'small']);
});

test('waiting for a connection in vain is told of with the error', async (context) => {
  // Long enough to open a connection on a loaded machine.
  const db = database.pool({queueTimeoutMilliseconds: 1000});
  const told = hear(context, 'acquire');
  const held = gate();
  const holder = db.task(() => held.opened);
  await assert.rejects(
    db.tx(() => Promise.resolve()),
    {code: 'CONNECTION_POOL:QUEUE_TIMEOUT'},
  );
  held.open();
  await holder;
  const failed = traceOf(told, isAcquire, 1);
  assert.equal(failed.purpose, 'transaction');
  assert.equal(Reflect.get(Object(failed.error), 'code'), 'CONNECTION_POOL:QUEUE_TIMEOUT');
});

test('a query that waits for a place is told of on `acquire` until it has one, and of no release', async (context) => {
  const db = database.pool({poolName: 'small'});
  const [entered, held] = [gate(), gate()];
  const holder = db.task(() => {
    entered.open();
    return held.opened;
  });
  await entered.opened;
  const told = hear(context, 'acquire');
  const released: unknown[] = [];
  const hearRelease = (message: unknown) => void released.push(message);
  channel('@databases/pg:release').subscribe(hearRelease);
  context.after(() => channel('@databases/pg:release').unsubscribe(hearRelease));
  const end = new AbortController();
  const query = db.query(sql`SELECT 1`);
  const aborted = db.query(sql`SELECT 2`, {signal: end.signal});
  assert.deepEqual(eventsOf(told), ['start', 'end', 'start', 'end']);
  end.abort();
  await assert.rejects(aborted, {name: 'AbortError'});
  const vain = traceOf(told, isAcquire, 1);
  assert.deepEqual([vain.purpose, vain.error], ['share', end.signal.reason]);
  held.open();
  await Promise.all([holder, query]);
  assert.deepEqual(eventsOf(told).slice(4), ['error', ...SUCCESS.slice(2), ...SUCCESS.slice(2)]);
  const placed = traceOf(told, isAcquire);
  assert.deepEqual([placed.purpose, placed.poolName, placed.error], ['share', 'small', undefined]);
  await db.query(sql`SELECT 3`);
  assert.equal(told.length, 9);
  assert.deepEqual(released, []);
});

test('while somebody listens, stats() says where what waits was asked for, and names nothing else', async (context) => {
  hear(context, 'query');
  const db = database.pool({captureStacks: true});
  await db.task(async () => {
    const waiting = outside(() => db.query(sql`SELECT 1`));
    await eventually('it waits', () => db.stats().waiting === 1);
    const [first = '', ...others] = db.stats().waiters[0]?.site?.split('\n') ?? [];
    assert.match(first, /tracing\.test/);
    assert.ok(others.every((frame) => !/diagnostics_channel|traced/.test(frame)));
    void waiting.catch(() => undefined);
  });
});

test('connections are told of when they open, and when they cannot', async (context) => {
  const told = hear(context, 'connect');
  const db = database.pool();
  await db.query(sql`SELECT 1`);
  await db.query(sql`SELECT 2`);
  assert.deepEqual(eventsOf(told), SUCCESS);
  const refused = database.pool({database: 'not_there'});
  await assert.rejects(refused.query(sql`SELECT 1`), {code: '3D000'});
  assert.deepEqual(eventsOf(told), [...SUCCESS, ...FAILURE]);
});

test('of several hosts a trace names the one that was connected to', async (context) => {
  const {hostname, port} = new URL(database.url);
  const url = new URL(database.url);
  url.host = `127.0.0.1:1,${hostname}:${port}`;
  const queries = hear(context, 'query');
  const connects = hear(context, 'connect');
  const text = database.url.replace(`${hostname}:${port}`, `127.0.0.1:1,${hostname}:${port}`);
  const db = database.pool({connectionString: text});
  await db.query(sql`SELECT 1`);
  await db.query(sql`SELECT 2`);
  const connect = connects[0]?.[1];
  assert.equal(Reflect.get(connect ?? {}, 'serverPort'), Number(port));
  assert.equal(traceOf(queries, isQuery, 1).serverPort, Number(port));
});

test('a cancel request is told of', async (context) => {
  const told = hear(context, 'cancel');
  const end = new AbortController();
  // Or its connection, idle for long, is verified first, and there is nothing to cancel yet.
  await database.db.query(sql`SELECT 1`);
  const query = database.db.query(sql`SELECT pg_sleep(600)`, {signal: end.signal});
  await eventually('it runs', () => database.db.stats().busy === 1);
  const processId = database.db.stats().lanes[0]?.processId;
  end.abort();
  await assert.rejects(query, {name: 'AbortError'});
  await eventually('the request is through', () => told.length === SUCCESS.length);
  assert.deepEqual(eventsOf(told), SUCCESS);
  assert.ok(processId !== undefined);
  assert.equal(Reflect.get(told[0]?.[1] ?? {}, 'processId'), processId);
});

test('handlers of the program are told as ever while somebody listens', async (context) => {
  hear(context, 'query');
  const texts: string[] = [];
  const db = database.pool({onQueryResults: (_query, {text}) => void texts.push(text)});
  await db.query(sql`SELECT 1`);
  await db.query([sql`SELECT 2`, sql`SELECT 3`]);
  assert.deepEqual(texts, ['SELECT 1', 'SELECT 2', 'SELECT 3']);
});
