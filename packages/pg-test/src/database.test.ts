import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {AdminSession, withSession} from './simple-query';
import {startServer} from './start-server';
import type {Server} from './server';

let server: Server;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

function ask(connectionString: string, query: string) {
  const url = new URL(connectionString);
  const address = {host: url.hostname, port: Number(url.port)};
  return withSession(address, (session) => session.query(query), url.pathname.slice(1));
}

test('databases made from a template hold what it held and do not see each other', async (context) => {
  let setups = 0;
  const template = await server.template(async (url) => {
    setups++;
    await ask(url, 'CREATE TABLE t (i int); INSERT INTO t VALUES (1)');
  });
  const started = performance.now();
  const [one, two] = [await template.create(), await template.create()];
  context.diagnostic(`${((performance.now() - started) / 2).toFixed(0)} ms per database`);
  await ask(one.connectionString, 'INSERT INTO t VALUES (2)');
  assert.deepEqual(await ask(one.connectionString, 'SELECT count(*) FROM t'), [['2']]);
  assert.deepEqual(await ask(two.connectionString, 'SELECT count(*) FROM t'), [['1']]);
  assert.equal(setups, 1);
  await template.drop();
  assert.deepEqual(await ask(two.connectionString, 'SELECT count(*) FROM t'), [['1']]);
});

test('a session that the setup left open does not stop the copying', async () => {
  let left: AdminSession | undefined;
  const template = await server.template(async (url) => {
    left = await AdminSession.open(server.address, new URL(url).pathname.slice(1));
  });
  const copies = await Promise.all([template.create(), template.create(), template.create()]);
  assert.equal(new Set(copies.map((copy) => copy.name)).size, 3);
  await assert.rejects(left?.query('SELECT 1') ?? Promise.resolve(), {
    code: 'PG_TEST_QUERY_FAILED',
  });
});

test('a failed setup rejects with its own error and leaves no database', async () => {
  const failure = new Error('migration 7 is wrong');
  const list = 'SELECT datname FROM pg_database ORDER BY 1';
  const databases = await ask(server.connectionString, list);
  await assert.rejects(
    server.template(() => Promise.reject(failure)),
    failure,
  );
  assert.deepEqual(await ask(server.connectionString, list), databases);
});

test('a dropped database is gone, its sessions with it', async () => {
  const database = await server.createDatabase({name: 'with "quotes"'});
  const session = await AdminSession.open(server.address, database.name);
  await database.drop();
  await database.drop();
  await assert.rejects(session.query('SELECT 1'), {code: 'PG_TEST_QUERY_FAILED'});
  await assert.rejects(
    ask(server.connectionString, `CREATE DATABASE x TEMPLATE "${database.name}"`),
  );
});
