import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {
  ConfigurationError,
  ConnectionError,
  DatabaseError,
  UsageError,
  sql,
} from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';
import {failureOf} from './support/failure';
import {refusedPort} from './support/ports';
import {useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {urlWith} from './support/url';

const postgres = useServer();
forbidUnhandledErrors();

async function assertUsable(db: ConnectionPool): Promise<void> {
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
}

/** Calls a method with an argument that the compiler would refuse, as a JavaScript program can. */
function callUnchecked(db: ConnectionPool, method: string, ...args: unknown[]): Promise<unknown> {
  const fn: unknown = Reflect.get(db, method);
  assert.ok(typeof fn === 'function');
  const result: unknown = Reflect.apply(fn, db, args);
  return Promise.resolve(result);
}

for (const [what, url] of [
  ['another protocol', 'mysql://root:hunter2@localhost/db'],
  ['a port that is no number', 'postgres://me:hunter2@localhost:port/db'],
  ['an unknown sslmode', 'postgres://me:hunter2@localhost/db?sslmode=sometimes'],
  ['no URL at all', 'hunter2'],
] as const) {
  test(`a connection string with ${what} is refused when the pool is made, without its password`, () => {
    assert.throws(
      () => createConnectionPool(url),
      (error) => {
        assert.ok(error instanceof ConfigurationError);
        assert.doesNotMatch(error.message, /hunter2/);
        return true;
      },
    );
  });
}

test('an unknown database is said to be unknown, at once, and works once it is created', async () => {
  await using admin = createConnectionPool(postgres.url);
  await using db = createConnectionPool(urlWith(postgres.url, {database: 'not_yet'}));
  const error = await failureOf(db.query(sql`SELECT 1`));
  assert.ok(error instanceof DatabaseError);
  assert.equal(error.code, '3D000');
  assert.match(error.message, /"not_yet" does not exist .*CREATE DATABASE/s);
  await admin.query(sql`CREATE DATABASE not_yet`);
  await assertUsable(db);
});

test('an unknown role is said to be unknown, and works once it is created', async () => {
  await using admin = createConnectionPool(postgres.url);
  await using db = createConnectionPool(urlWith(postgres.url, {user: 'not_yet'}));
  const error = await failureOf(db.query(sql`SELECT 1`));
  assert.equal(error.code, '28000');
  assert.match(error.message, /role "not_yet" does not exist/);
  await admin.query(sql`CREATE ROLE not_yet LOGIN`);
  await assertUsable(db);
});

test('a refused port names host and port, and says what to look at', async () => {
  const port = await refusedPort();
  await using db = createConnectionPool(urlWith(postgres.url, {port}));
  for (const call of [db.query(sql`SELECT 1`), db.tx(() => Promise.resolve())]) {
    const error = await failureOf(call);
    assert.ok(error instanceof ConnectionError);
    assert.equal(error.code, 'PG_CONNECT_FAILED');
    assert.equal(error.sent, 'no');
    assert.match(error.message, new RegExp(`127\\.0\\.0\\.1:${port}.*nothing listens there`));
  }
});

test('an unknown host is named', async () => {
  await using db = createConnectionPool(urlWith(postgres.url, {host: 'nowhere.invalid'}));
  const error = await failureOf(db.query(sql`SELECT 1`));
  assert.equal(error.code, 'PG_CONNECT_FAILED');
  assert.match(error.message, /nowhere\.invalid:\d+.*host name/);
});

test('what is not made with the sql tag is refused, and says what to do', async () => {
  await using db = createConnectionPool(postgres.url);
  for (const query of ['SELECT 1', {text: 'SELECT 1', values: []}, null, undefined, 1]) {
    const error = await failureOf(callUnchecked(db, 'query', query));
    assert.ok(error instanceof UsageError);
    assert.equal(error.code, 'PG_NOT_A_QUERY');
    assert.match(error.message, /sql tag/);
  }
  const error = await failureOf(callUnchecked(db, 'query', [sql`SELECT 1`, 'SELECT 2']));
  assert.match(error.message, /element 1 of the array/);
  await assertUsable(db);
});

test('a pool that was disposed refuses every call', async () => {
  const db = createConnectionPool(postgres.url);
  await assertUsable(db);
  await db.dispose();
  const stream = async () => {
    for await (const row of db.queryStream(sql`SELECT 1`)) assert.fail(String(row));
  };
  for (const call of [
    db.query(sql`SELECT 1`),
    db.query([sql`SELECT 1`]),
    db.tx(() => Promise.resolve()),
    db.task(() => Promise.resolve()),
    stream(),
    db.getTypeParser('hstore'),
  ]) {
    const error = await failureOf(call);
    assert.ok(error instanceof UsageError);
    assert.equal(error.code, 'PG_USED_AFTER_END');
    assert.match(error.message, /disposed/);
  }
  await db.dispose();
});

test('a transaction that has ended refuses every call, and the pool goes on', async () => {
  await using db = createConnectionPool(postgres.url);
  const ended = await db.tx((tx) => Promise.resolve(tx));
  const error = await failureOf(ended.query(sql`SELECT 1`));
  assert.equal(error.code, 'PG_USED_AFTER_END');
  await assertUsable(db);
});

test('the outer transaction used inside a nested one is refused at once, not left hanging', async () => {
  await using db = createConnectionPool(postgres.url);
  const error = await failureOf(db.tx((outer) => outer.tx(() => outer.query(sql`SELECT 1`))));
  assert.ok(error instanceof UsageError);
  assert.equal(error.code, 'PG_SELF_DEADLOCK');
  await assertUsable(db);
});

test('a pool of one used inside its own transaction is refused at once, not left hanging', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const error = await failureOf(db.tx(() => db.query(sql`SELECT 1`)));
  assert.ok(error instanceof UsageError);
  assert.equal(error.code, 'PG_SELF_DEADLOCK');
  await assertUsable(db);
});

test('an option that does not exist is refused', () => {
  const options = {connectionString: 'postgres://localhost/db', poolsize: 3};
  assert.throws(() => createConnectionPool(options), /poolsize.*poolSize/s);
});
