/** The pool of the facade, beside that of pg: events, counts, releasing, ending, and what happens when things fail. */
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {test} from 'node:test';
import compat from '@databases/pg-compat';
import type {PoolConfig} from '@databases/pg-compat';
import {aliveUntil} from '../support/alive';
import {useServer} from '../support/server';

const original: typeof compat = require('pg');
const postgres = useServer();

const BOTH = [
  ['the facade', compat],
  ['pg', original],
] as const;

function createPool(pg: typeof compat, options: PoolConfig = {}) {
  return new pg.Pool({connectionString: postgres.url, ...options});
}

for (const [name, pg] of BOTH) {
  test(`a client is introduced, lent, given back and removed, in this order (${name})`, async () => {
    const pool = createPool(pg, {max: 1});
    const events: string[] = [];
    for (const event of ['connect', 'acquire', 'release', 'remove']) {
      pool.on(event, () => events.push(event));
    }
    const client = await pool.connect();
    client.release();
    await pool.query('select 1');
    const removed = once(pool, 'remove');
    await pool.end();
    await removed;
    assert.deepEqual(events, ['connect', 'acquire', 'release', 'acquire', 'release', 'remove']);
  });

  test(`what a handler of connect sets is there for every later query (${name})`, async () => {
    const pool = createPool(pg, {max: 1});
    pool.on('connect', (client) => void client.query("set search_path to 'somewhere'"));
    await pool.query("set application_name to 'lasting'");
    const {rows} = await pool.query(
      "select current_setting('search_path') p, current_setting('application_name') a",
    );
    assert.deepEqual(rows, [{p: 'somewhere', a: 'lasting'}]);
    await pool.end();
  });

  test(`a transaction has its client to itself while others query (${name})`, async () => {
    const pool = createPool(pg, {max: 2});
    const client = await pool.connect();
    await client.query('begin');
    await client.query('create table mine (a int)');
    assert.equal(client.getTransactionStatus(), 'T');
    const {rows} = await pool.query("select to_regclass('mine') found");
    assert.deepEqual(rows, [{found: null}]);
    await client.query('rollback');
    client.release();
    assert.equal(pool.totalCount, 2);
    await pool.end();
    assert.equal(pool.totalCount, 0);
  });

  test(`callbacks are given the client and what gives it back (${name})`, async () => {
    const pool = createPool(pg, {max: 1});
    const rows = await new Promise((resolve) => {
      pool.connect((error, client, release) => {
        assert.equal(error, undefined);
        client?.query('select 1 a', (failure, result) => {
          assert.equal(failure, null);
          release();
          pool.query('select $1::int a', [2], (_, second) => resolve([result.rows, second.rows]));
        });
      });
    });
    assert.deepEqual(rows, [[{a: 1}], [{a: 2}]]);
    await new Promise<void>((resolve) => pool.end(() => resolve()));
  });

  test(`a client is given back once (${name})`, async () => {
    const pool = createPool(pg);
    const client = await pool.connect();
    client.release();
    assert.throws(() => client.release(), /already been released/);
    await pool.end();
    await assert.rejects(pool.end(), /Called end on pool more than once/);
    await assert.rejects(pool.query('select 1'), /Cannot use a pool after calling end/);
  });

  test(`a client that is given back with an error is removed (${name})`, async () => {
    const pool = createPool(pg, {max: 1});
    const client = await pool.connect();
    const before = client.processID;
    client.release(true);
    const {rows} = await pool.query('select pg_backend_pid() pid');
    assert.notEqual(rows[0].pid, before);
    await pool.end();
  });

  test(`who waits for a client too long is told so (${name})`, async () => {
    const pool = createPool(pg, {max: 1, connectionTimeoutMillis: 50});
    const client = await pool.connect();
    await assert.rejects(pool.connect(), /timeout exceeded when trying to connect/);
    client.release();
    await pool.end();
  });

  test(`query_timeout gives a query up (${name})`, async () => {
    const client = new pg.Client({connectionString: postgres.url, query_timeout: 50});
    await client.connect();
    await assert.rejects(client.query('select pg_sleep(60)'), /Query read timeout/);
    await client.end();
  });

  test(`notifications reach a client that is lent (${name})`, async () => {
    const pool = createPool(pg, {max: 2});
    const client = await pool.connect();
    await client.query('listen compat');
    const heard = once(client, 'notification');
    await pool.query("notify compat, 'hello'");
    const [{channel, payload}] = await heard;
    assert.deepEqual([channel, payload], ['compat', 'hello']);
    client.release();
    await pool.end();
  });

  test(`an idle connection that is lost is told to the pool and replaced (${name})`, async () => {
    const pool = createPool(pg, {max: 1});
    const client = await pool.connect();
    const {processID} = client;
    client.release();
    const told = once(pool, 'error');
    const admin = new compat.Client(postgres.url);
    await admin.connect();
    await admin.query('select pg_terminate_backend($1)', [processID]);
    await admin.end();
    const [error, lost] = await aliveUntil(told);
    assert.equal(error.code, '57P01');
    assert.equal(lost, client);
    assert.equal((await pool.query('select 1')).rowCount, 1);
    await pool.end();
  });
}

test('a failed statement does not cost its connection', async () => {
  const pool = createPool(compat, {max: 1});
  const {rows} = await pool.query('select pg_backend_pid() pid');
  await assert.rejects(pool.query('select nope'), {code: '42703'});
  assert.deepEqual((await pool.query('select pg_backend_pid() pid')).rows, rows);
  await pool.end();
});

test('a transaction that was left open does not reach the next user', async () => {
  const pool = createPool(compat, {max: 1});
  const client = await pool.connect();
  await client.query('begin');
  await client.query('create table left_open (a int)');
  client.release();
  const {rows} = await pool.query("select to_regclass('left_open') found");
  assert.deepEqual(rows, [{found: null}]);
  await pool.end();
});

test('queries that were not awaited before the release run on the connection of their holder', async () => {
  const pool = createPool(compat, {max: 1});
  const client = await pool.connect();
  await client.query('begin');
  const texts = ['create table late (a int)', 'select 1', 'select 2', 'commit'];
  const late = texts.map((text) => client.query(text));
  client.release();
  await Promise.all(late);
  const {rows} = await pool.query("select to_regclass('late')::text found");
  assert.deepEqual(rows, [{found: 'late'}]);
  await pool.end();
});

test('a query given up by query_timeout is cancelled, and the client goes on', async () => {
  const client = new compat.Client(postgres.url);
  await client.connect();
  const hanging = client.query({text: 'select pg_sleep(60)', query_timeout: 50});
  await assert.rejects(hanging, /Query read timeout/);
  assert.equal((await client.query('select 1')).rowCount, 1);
  await client.end();
});

test('errors keep what the engine knows as their cause', async () => {
  const client = new compat.Client({host: '127.0.0.1', port: 1, user: 'u', database: 'd'});
  const error: unknown = await client.connect().catch((failure: unknown) => failure);
  assert.ok(error instanceof Error && error.cause instanceof Error);
  assert.match(error.cause.message, /127\.0\.0\.1:1/);
});

test('the password is not shown where a pool is printed', () => {
  const pool = createPool(compat, {password: 'secret-word'});
  assert.doesNotMatch(JSON.stringify(pool) + require('node:util').inspect(pool), /secret-word/);
});

test('onConnect runs before anybody gets the client, and its failure is the error', async () => {
  const pool = createPool(compat, {
    max: 1,
    onConnect: (client) => client.query('create temp table once (a int)'),
  });
  assert.equal((await pool.query('select * from once')).rowCount, 0);
  await pool.end();
  const failing = createPool(compat, {
    max: 1,
    onConnect: () => Promise.reject(new Error('not this one')),
  });
  await assert.rejects(failing.query('select 1'), /not this one/);
  await failing.end();
});
