/** `sqlCommenter`: what the server is told of who asks, and what it costs the prepared statements. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import {traceComment} from '@databases/pg-otel';
import {TraceFlags, context, trace} from '@opentelemetry/api';
import {AsyncLocalStorageContextManager} from '@opentelemetry/context-async-hooks';
import {allRows} from './support/rows';
import {useServer} from './support/server';

const postgres = useServer();

/** The query sees itself as the server shows it to whoever watches. */
const itself = sql`SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid()`;
const text = 'SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid()';
const commented = (n: number) => [{query: `${text} /*n='${n}',route='%2Fusers'*/`}];

test('with prepare: never every query and stream says who asks, each for itself', async () => {
  let asked = 0;
  await using db = createConnectionPool({
    connectionString: postgres.url,
    prepare: 'never',
    sqlCommenter: () => ({route: '/users', n: String(++asked)}),
  });
  assert.deepEqual(await db.query(itself), commented(1));
  assert.deepEqual(await db.query(itself), commented(2));
  assert.deepEqual(await allRows(db.queryStream(itself)), commented(3));
  // Each in a transaction of its own: what the view shows stays the same within one.
  assert.deepEqual(await db.tx((tx) => tx.query(itself)), commented(4));
  assert.deepEqual(await db.tx((tx) => allRows(tx.queryStream(itself))), commented(5));
  const [first] = await db.query([itself, sql`SELECT ${new Date()}::timestamptz AS at`]);
  assert.deepEqual(first, commented(6));
});

test('with prepared statements the first use of a text says who asks, and the cache stays as it is', async () => {
  let asked = 0;
  await using db = createConnectionPool({
    connectionString: postgres.url,
    poolSize: 1,
    sqlCommenter: () => ({n: String(++asked)}),
  });
  assert.deepEqual(await db.query(itself), [{query: `${text} /*n='1'*/`}]);
  for (let i = 0; i < 50; i++) assert.deepEqual(await db.query(itself), [{query: text}]);
  assert.equal(asked, 51);
  const prepared = await db.query(sql`SELECT statement FROM pg_prepared_statements`);
  assert.deepEqual(prepared, [{statement: text}]);
});

test('a text that ends with a comment of its own keeps it, and an error shows the text alone', async () => {
  await using db = createConnectionPool({
    connectionString: postgres.url,
    sqlCommenter: () => ({route: 'x'}),
  });
  const [row] = await db.query(
    sql`SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid() -- me`,
  );
  assert.match(String(row?.query), /-- me\n\/\*route='x'\*\/$/);
  await assert.rejects(db.query(sql`SELECT missing`), (error: Error) => {
    assert.doesNotMatch(error.message, /route/);
    assert.match(error.message, /SELECT missing/);
    return true;
  });
});

test('a commenter that says nothing changes nothing, and what it throws is what its query rejects with', async () => {
  let thrown: Error | undefined;
  await using db = createConnectionPool({
    connectionString: postgres.url,
    prepare: 'never',
    sqlCommenter: () => {
      if (thrown !== undefined) throw thrown;
      return undefined;
    },
  });
  assert.deepEqual(await db.query(itself), [{query: text}]);
  thrown = new Error('of the commenter');
  await assert.rejects(db.query(itself), (error) => error === thrown);
  thrown = undefined;
  assert.deepEqual(await db.query(itself), [{query: text}]);
});

test('traceComment of pg-otel says which span asks', async (t) => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  t.after(() => context.disable());
  await using db = createConnectionPool({
    connectionString: postgres.url,
    prepare: 'never',
    sqlCommenter: traceComment,
  });
  assert.deepEqual(await db.query(itself), [{query: text}]);
  const spanContext = {
    traceId: '5bd66ef5095369c7b0d1f8f4bd33716a',
    spanId: 'c532cb4098ac3dd2',
    traceFlags: TraceFlags.SAMPLED,
  };
  const around = trace.setSpanContext(context.active(), spanContext);
  const rows = await context.with(around, () => db.query(itself));
  const traceparent = '00-5bd66ef5095369c7b0d1f8f4bd33716a-c532cb4098ac3dd2-01';
  assert.deepEqual(rows, [{query: `${text} /*traceparent='${traceparent}'*/`}]);
});
