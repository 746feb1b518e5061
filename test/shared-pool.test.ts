/** createConnectionPool.shared: one pool of a name in the process, whatever is loaded anew. */
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {createRequire} from 'node:module';
import {test} from 'node:test';
import {inspect} from 'node:util';
import createConnectionPool, {ConfigurationError, UsageError, shared, sql} from '@databases/pg';
import createCluster from '@databases/pg-cluster';
import {countSessions, eventually} from './support/activity';
import {aliveUntil} from './support/alive';
import {gate} from './support/gate';
import {useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {urlWith} from './support/url';

const postgres = useServer();
forbidUnhandledErrors();

/** Runs with a copy of the package, as a bundler or a server that loads modules anew makes one. */
function withAnotherCopy<T>(run: (copy: typeof createConnectionPool) => T): T {
  const {cache} = require;
  const ours = Object.entries(cache).filter(([path]) => /packages\/(?:pg|sql)\/dist\//.test(path));
  for (const [path] of ours) delete cache[path];
  try {
    return run(createRequire(__filename)('@databases/pg'));
  } finally {
    Object.assign(cache, Object.fromEntries(ours));
  }
}

test('a name and its options give the same pool, and another name another', async () => {
  await using db = shared('same', {connectionString: postgres.url, poolSize: 2});
  assert.equal(shared('same', {poolSize: 2, connectionString: postgres.url}), db);
  await using other = shared('other', {connectionString: postgres.url, poolSize: 2});
  assert.notEqual(other, db);
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('modules that are loaded anew, with the package itself, find the pool and its connections', async () => {
  await using admin = createConnectionPool(postgres.url);
  const url = urlWith(postgres.url, {parameters: {application_name: 'reloaded'}});
  await using db = shared('reloaded', url);
  await db.query(sql`SELECT 1`);
  for (let reload = 0; reload < 5; reload++) {
    const {found, query} = withAnotherCopy((copy) => {
      assert.notEqual(copy, createConnectionPool);
      return {found: copy.shared('reloaded', url), query: copy.sql`SELECT 1 AS one`};
    });
    assert.equal(found, db);
    assert.deepEqual(await found.query(query), [{one: 1}]);
  }
  assert.equal(await countSessions(admin, 'reloaded'), 1);
});

const withHandler = () => ({connectionString: postgres.url, onError: () => undefined});

test('handlers that are written anew make no other pool', async () => {
  await using db = shared('handlers', withHandler());
  assert.equal(shared('handlers', withHandler()), db);
});

test('other options make another pool, and the one before ends when its work has', async () => {
  await using admin = createConnectionPool(postgres.url);
  const url = urlWith(postgres.url, {parameters: {application_name: 'options'}});
  const before = shared('options', {connectionString: url, poolSize: 1});
  const asked = gate();
  const goOn = gate();
  const work = before.tx(async (tx) => {
    await tx.query(sql`SELECT 1`);
    asked.open();
    await goOn.opened;
    return tx.query(sql`SELECT 'done' AS work`);
  });
  await Promise.race([asked.opened, work]);
  await using db = shared('options', {connectionString: url, poolSize: 2});
  // Opened first where an assertion fails: neither pool ends before the transaction has.
  using _ = goOn;
  assert.notEqual(db, before);
  assert.equal(before.disposed, true);
  await assert.rejects(before.query(sql`SELECT 1`), {code: 'PG_USED_AFTER_END'});
  goOn.open();
  assert.deepEqual(await work, [{work: 'done'}]);
  await eventually(
    'its session is closed',
    async () => (await countSessions(admin, 'options')) === 0,
  );
});

test('what the environment says counts, and so does a password', async (context) => {
  const {DATABASE_URL} = process.env;
  context.after(() => {
    if (DATABASE_URL === undefined) delete process.env['DATABASE_URL'];
    else process.env['DATABASE_URL'] = DATABASE_URL;
  });
  const passwords = ['one', 'one', 'two'].map((password) => {
    process.env['DATABASE_URL'] = urlWith(postgres.url, {user: 'somebody', password});
    return shared('environment');
  });
  const [first, again, other] = passwords;
  assert.equal(again, first);
  assert.notEqual(other, first);
  await other?.dispose();
});

test('a pool that was disposed of is replaced', async () => {
  const before = shared('disposed', postgres.url);
  assert.equal(before.disposed, false);
  await before.dispose();
  assert.equal(before.disposed, true);
  await using db = shared('disposed', postgres.url);
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('a function is called when there is nothing alive of its name', async () => {
  let calls = 0;
  const make = () => {
    calls++;
    return createConnectionPool(postgres.url);
  };
  const db = shared('made', make);
  assert.equal(shared('made', make), db);
  assert.equal(calls, 1);
  await db.dispose();
  await using other = shared('made', make);
  assert.notEqual(other, db);
  assert.equal(calls, 2);
});

const makeCluster = () => createCluster(createConnectionPool(postgres.url), []);

test('a cluster is shared like a pool', async () => {
  const cluster = shared('cluster', makeCluster);
  assert.equal(shared('cluster', makeCluster), cluster);
  assert.deepEqual(await cluster.query(sql`SELECT 1 AS one`), [{one: 1}]);
  await cluster.dispose();
  await using other = shared('cluster', makeCluster);
  assert.notEqual(other, cluster);
});

test('options that are wrong leave the pool that is there', async () => {
  await using db = shared('wrong', postgres.url);
  assert.throws(
    () => shared('wrong', {connectionString: postgres.url, poolSize: -1}),
    ConfigurationError,
  );
  assert.equal(db.disposed, false);
  assert.equal(shared('wrong', postgres.url), db);
});

test('a resource that cannot be disposed of becomes a warning of the process', async () => {
  const warned = once(process, 'warning', {signal: AbortSignal.timeout(10_000)});
  const broken = {disposed: false, dispose: () => Promise.reject(new Error('will not end'))};
  assert.equal(
    shared('broken', () => broken),
    broken,
  );
  await using db = shared('broken', postgres.url);
  assert.match(String(await aliveUntil(warned)), /will not end/);
  assert.equal(db.disposed, false);
});

test('without a name it is an error', () => {
  assert.throws(() => shared('', postgres.url), UsageError);
  // @ts-expect-error a name comes first
  assert.throws(() => shared({connectionString: postgres.url}), {code: 'PG_INVALID_ARGUMENT'});
});

test('the register shows no password', async () => {
  const connectionString = urlWith(postgres.url, {user: 'somebody', password: 'verysecret'});
  await using db = shared('secret', {connectionString});
  const register: unknown = Reflect.get(globalThis, Symbol.for('@databases/pg:shared'));
  const shown = inspect(register, {showHidden: true, depth: 10, getters: true});
  assert.match(shown, /secret/);
  assert.doesNotMatch(shown, /verysecret/);
  assert.equal(inspect(globalThis).includes('@databases/pg:shared'), false);
  assert.equal(db.disposed, false);
});
