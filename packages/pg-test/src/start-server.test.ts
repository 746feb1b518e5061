import assert from 'node:assert/strict';
import {existsSync, readFileSync, rmSync} from 'node:fs';
import {connect} from 'node:net';
import {once} from 'node:events';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {test} from 'node:test';
import {isAlive} from './process-family';
import {AdminSession, withSession} from './simple-query';
import {startServer} from './start-server';
import type {Server} from './server';

const DEBIAN_BINARIES = '/usr/lib/postgresql/15/bin';

/** The first value of a query, asked over TCP as a user's client would. */
function ask(server: Server, query: string): Promise<string | null | undefined> {
  return withSession({host: server.host, port: server.port}, async (session) => {
    const [row] = await session.query(query);
    return row?.[0];
  });
}

/** The number in the server's AuthenticationRequest ('R'); 10 is SASL, 5 is MD5, 3 a password. */
async function authenticationRequest(server: Server): Promise<number> {
  const socket = connect(server.port, server.host);
  const body = Buffer.from('\0\x03\0\0user\0postgres\0\0', 'latin1');
  const head = Buffer.alloc(4);
  head.writeInt32BE(body.length + 4);
  socket.write(Buffer.concat([head, body]));
  const [reply]: Buffer[] = await once(socket, 'data');
  socket.destroy();
  return reply?.readInt32BE(5) ?? -1;
}

test('a server takes connections as soon as it is given, and leaves nothing behind', async () => {
  const server = await startServer();
  assert.match(server.connectionString, /^postgres:\/\/postgres@127\.0\.0\.1:\d+\/postgres$/);
  assert.equal(await ask(server, 'SHOW server_version'), server.version);
  assert.match(server.version, /^18\./);
  assert.equal(await ask(server, 'SHOW fsync'), 'off');
  const {processId} = server;
  await server.stop();
  await server.stop();
  assert.equal(isAlive(processId), false);
  assert.equal(existsSync(server.dataDirectory), false);
  assert.equal(existsSync(path.dirname(server.dataDirectory)), false);
});

test('Postgres 14 runs, and servers of several versions run side by side', async () => {
  await using old = await startServer({version: 14});
  await using current = await startServer({version: '18'});
  assert.match((await ask(old, 'SHOW server_version')) ?? '', /^14\./);
  assert.match((await ask(current, 'SHOW server_version')) ?? '', /^18\./);
});

test(
  'an installed server runs through its bin folder',
  {skip: existsSync(DEBIAN_BINARIES) ? false : `${DEBIAN_BINARIES} is not here`},
  async () => {
    await using server = await startServer({binaries: DEBIAN_BINARIES});
    assert.match((await ask(server, 'SELECT version()')) ?? '', /Debian/);
    await assert.rejects(startServer({binaries: DEBIAN_BINARIES, version: 14}), {
      code: 'PG_TEST_UNKNOWN_VERSION',
      message: /14 was asked for, but .* holds 15\./,
    });
  },
);

test('settings, user, database, a durable disk and a log file are as asked for', async (context) => {
  const logFile = path.join(tmpdir(), `pg-test-log-${process.pid}`);
  context.after(() => rmSync(logFile, {force: true}));
  await using server = await startServer({
    settings: {max_connections: '17', 'my.setting': "it's \\ here"},
    user: 'some "one"',
    database: 'a/b c',
    durable: true,
    logFile,
  });
  assert.equal(await ask(server, 'SHOW max_connections'), '17');
  assert.equal(await ask(server, 'SHOW my.setting'), "it's \\ here");
  assert.equal(await ask(server, 'SHOW fsync'), 'on');
  assert.equal(
    await ask(
      server,
      "SELECT count(*) FROM pg_database d, pg_roles r WHERE datname = 'a/b c' AND datdba = r.oid AND rolname = 'some \"one\"' AND rolsuper",
    ),
    '1',
  );
  assert.match(server.connectionString, /\/\/some%20%22one%22@127\.0\.0\.1:\d+\/a%2Fb%20c$/);
  assert.match(readFileSync(logFile, 'utf8'), /ready to accept connections/);
});

test('a password is asked for in the way that was chosen, and kept by the server in that form', async () => {
  const methods = [
    ['scram-sha-256', 10, /^SCRAM-SHA-256\$/],
    ['md5', 5, /^md5/],
    ['password', 3, /^SCRAM-SHA-256\$/],
  ] as const;
  for (const [authentication, request, form] of methods) {
    await using server = await startServer({authentication, password: "pass'w\\rd"});
    assert.equal(await authenticationRequest(server), request);
    const stored = await withSession(server.address, (session) =>
      session.query("SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'"),
    );
    assert.match(stored[0]?.[0] ?? '', form);
    assert.equal(decodeURIComponent(new URL(server.connectionString).password), "pass'w\\rd");
  }
});

test('a port that is taken is named', async () => {
  await using first = await startServer();
  await assert.rejects(startServer({port: first.port}), {
    code: 'PG_TEST_PORT_IN_USE',
    message: new RegExp(`Port ${first.port} is in use`),
  });
});

test('what cannot be is refused with what can', async () => {
  await assert.rejects(startServer({version: 13}), {code: 'PG_TEST_UNKNOWN_VERSION'});
  await assert.rejects(startServer({port: 65_536}), {code: 'PG_TEST_BAD_OPTION'});
  await assert.rejects(startServer({storage: 'memory', durable: true}), {
    code: 'PG_TEST_BAD_OPTION',
  });
  await assert.rejects(startServer({binaries: '/nonexistent'}), {code: 'PG_TEST_NO_BINARIES'});
  await assert.rejects(startServer({tls: {certificate: 'a.pem', key: 'b.pem'}}), {
    code: 'PG_TEST_BAD_OPTION',
    message: /PEM text/,
  });
  await assert.rejects(startServer({settings: {no_such_thing: '1'}}), {
    code: 'PG_TEST_START_FAILED',
    message: /unrecognized configuration parameter "no_such_thing"/,
  });
});

test('a killed server is down and comes back with its data; a frozen one answers after resume()', async () => {
  await using server = await startServer();
  await using other = await startServer();
  const {port, processId} = server;
  await ask(server, 'CREATE TABLE kept (i int); INSERT INTO kept VALUES (42); CHECKPOINT');

  // A backend at work does not look whether its postmaster lives; it must die all the same.
  const busy = await AdminSession.open({host: server.host, port});
  const work = busy.query('SELECT count(*) FROM generate_series(1, 1000000000000)');
  const active =
    "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%generate_series(1, 1%'";
  while ((await ask(server, `${active} AND pid <> pg_backend_pid()`)) !== '1');
  const [killed] = await Promise.allSettled([work, server.kill()]);
  assert.equal(killed.status, 'rejected');
  assert.equal(server.phase, 'down');
  await assert.rejects(server.createDatabase(), {code: 'PG_TEST_STOPPED'});

  await server.restart();
  assert.notEqual(server.processId, processId);
  assert.equal(server.port, port);
  assert.equal(await ask(server, 'SELECT i FROM kept'), '42');

  const session = await AdminSession.open({host: server.host, port});
  server.pause();
  let answered = false;
  const answer = session.query('SELECT 7').finally(() => {
    answered = true;
  });
  // In the time that another server takes for a tenth of a second, this one would have answered.
  await ask(other, 'SELECT pg_sleep(0.1)');
  assert.equal(answered, false);
  server.resume();
  assert.deepEqual(await answer, [['7']]);
  session.close();

  for (const mode of ['crash', 'immediate', 'fast'] as const) {
    await server.restart(mode);
    assert.equal(await ask(server, 'SELECT i FROM kept'), '42');
  }
  server.pause();
});
