import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {TimeoutError, sql} from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';
import {countSessions, eventually} from './support/activity';
import {failureOf} from './support/failure';
import {gate} from './support/gate';
import {listen} from './support/ports';
import {useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {urlWith} from './support/url';
import {openRelay} from './support/relay';

const MAX_CONNECTIONS = 14;

/** For guests while one superuser is connected: three slots are kept for superusers. */
const ROOM = MAX_CONNECTIONS - 4;

const postgres = useServer(
  {settings: {max_connections: String(MAX_CONNECTIONS), superuser_reserved_connections: '3'}},
  async (url) => {
    await using db = createConnectionPool(url);
    await db.query(sql`CREATE ROLE guest LOGIN`);
  },
);
forbidUnhandledErrors();

function guestUrl(applicationName: string): string {
  return urlWith(postgres.url, {user: 'guest', parameters: {application_name: applicationName}});
}

function whenClosed(admin: ConnectionPool, applicationName: string): Promise<void> {
  return eventually(
    'its sessions are closed',
    async () => (await countSessions(admin, applicationName)) === 0,
  );
}

test('a pool never has more sessions than poolSize, however much is asked of it', async () => {
  await using admin = createConnectionPool(postgres.url);
  await using db = createConnectionPool({connectionString: guestUrl('bound'), poolSize: 3});
  const running = {load: true};
  const load = Promise.all([
    ...Array.from({length: 200}, () => db.query(sql`SELECT pg_sleep(0.002)`)),
    ...Array.from({length: 30}, () => db.tx((tx) => tx.query(sql`SELECT pg_sleep(0.002)`))),
  ]).finally(() => (running.load = false));
  let most = 0;
  while (running.load) most = Math.max(most, await countSessions(admin, 'bound'));
  await load;
  assert.equal(most, 3);
});

test('a session that was idle for idleTimeoutMilliseconds is closed, and another opened when needed', async () => {
  await using admin = createConnectionPool(postgres.url);
  const events: string[] = [];
  await using db = createConnectionPool({
    connectionString: guestUrl('idle'),
    idleTimeoutMilliseconds: 20,
    onConnectionOpened: () => events.push('opened'),
    onConnectionClosed: () => events.push('closed'),
  });
  await db.query(sql`SELECT 1`);
  await whenClosed(admin, 'idle');
  await db.query(sql`SELECT 1`);
  assert.deepEqual(events, ['opened', 'closed', 'opened']);
});

test('idleTimeoutMilliseconds of 0 keeps idle sessions', async () => {
  await using kept = createConnectionPool({
    connectionString: guestUrl('kept'),
    idleTimeoutMilliseconds: 0,
  });
  await using closed = createConnectionPool({
    connectionString: guestUrl('closed'),
    idleTimeoutMilliseconds: 20,
  });
  await using admin = createConnectionPool(postgres.url);
  await kept.query(sql`SELECT 1`);
  await closed.query(sql`SELECT 1`);
  await whenClosed(admin, 'closed');
  assert.equal(await countSessions(admin, 'kept'), 1);
});

test('a session is replaced after maxUses queries', async () => {
  await using db = createConnectionPool({
    connectionString: guestUrl('uses'),
    poolSize: 1,
    maxUses: 3,
  });
  const pids: unknown[] = [];
  for (let i = 0; i < 6; i++) {
    const [row] = await db.query(sql`SELECT pg_backend_pid() AS pid`);
    pids.push(row.pid);
  }
  const [a, , , b] = pids;
  assert.deepEqual(pids, [a, a, a, b, b, b]);
  assert.notEqual(a, b);
});

test('a call that finds no free connection in time says who holds them and what to do', async () => {
  await using db = createConnectionPool({
    connectionString: guestUrl('queue'),
    poolSize: 1,
    queueTimeoutMilliseconds: 50,
  });
  // On a loaded machine opening the connection may take longer than a call waits. It goes on without the call.
  await eventually('the connection is there', () =>
    db.query(sql`SELECT 1`).then(
      () => true,
      () => false,
    ),
  );
  const held = gate();
  const released = gate();
  const task = db.task(async () => {
    held.open();
    await released.opened;
  });
  await Promise.race([held.opened, task]);
  for (const call of [db.query(sql`SELECT 1`), db.tx(() => Promise.resolve())]) {
    const error = await failureOf(call);
    assert.ok(error instanceof TimeoutError);
    assert.equal(error.code, 'CONNECTION_POOL:QUEUE_TIMEOUT');
    assert.equal(error.sent, 'no');
    assert.match(error.message, /within \d+ ms/);
    assert.match(error.message, /1 of at most 1 connections.*1 leased/);
    assert.match(error.message, /task for \d+ ms/);
    assert.match(error.message, /raise poolSize/);
  }
  released.open();
  await task;
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

for (const sslmode of ['disable', 'prefer', 'require']) {
  test(`a server that accepts and says nothing is given up after connectionTimeoutMilliseconds (sslmode ${sslmode})`, async () => {
    await using silent = await listen(() => undefined);
    await using db = createConnectionPool({
      connectionString: urlWith(postgres.url, {port: silent.port, parameters: {sslmode}}),
      connectionTimeoutMilliseconds: 50,
    });
    const error = await failureOf(db.query(sql`SELECT 1`));
    assert.ok(error instanceof TimeoutError);
    assert.equal(error.code, 'PG_CONNECT_TIMEOUT');
    assert.equal(error.sent, 'no');
    assert.match(error.message, new RegExp(`127\\.0\\.0\\.1:${silent.port} within 50 ms`));
  });
}

test('the connection timeout counts for each host, and the next one is tried', async () => {
  await using silent = await listen(() => undefined);
  const {user, database, port} = postgres.server;
  await using db = createConnectionPool({
    connectionString: `postgres://${user}@127.0.0.1:${silent.port},127.0.0.1:${port}/${database}`,
    connectionTimeoutMilliseconds: 50,
  });
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('a pool that the server allows fewer sessions than poolSize works with those, and says so', async () => {
  const errors: (Error & {code?: unknown})[] = [];
  await using db = createConnectionPool({
    connectionString: guestUrl('greedy'),
    poolSize: MAX_CONNECTIONS + 10,
    onError: (error) => errors.push(error),
  });
  const rows = await Promise.all(
    Array.from({length: 60}, (_, i) => db.query(sql`SELECT ${i}::int AS i, pg_sleep(0.01)`)),
  );
  assert.deepEqual(
    rows.map(([row]) => row.i),
    rows.map((_, i) => i),
  );
  assert.ok(errors.length > 0);
  for (const error of errors) {
    assert.equal(error.code, '53300');
    assert.match(error.message, /lower poolSize, or raise max_connections/);
  }
});

test('a pool whose first session the server has no room for waits for room', async () => {
  await using admin = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const hoarder = createConnectionPool({
    connectionString: guestUrl('hoarder'),
    poolSize: MAX_CONNECTIONS,
    onError: () => undefined,
  });
  const released = gate();
  const tasks = Array.from({length: ROOM}, () => hoarder.task(() => released.opened));
  await eventually(
    'the server has no room left',
    async () => (await countSessions(admin, 'hoarder')) === ROOM,
  );
  await using tap = await openRelay(postgres.server);
  await using db = createConnectionPool({
    connectionString: urlWith(guestUrl('late'), {port: tap.port}),
    onError: () => undefined,
  });
  const query = db.query(sql`SELECT 1 AS one`);
  await eventually(
    'it tries again, since the first attempt was refused',
    async () => tap.sent.length > 1 || (await countSessions(admin, 'late')) > 0,
  );
  assert.equal(await countSessions(admin, 'late'), 0);
  released.open();
  await Promise.all(tasks);
  await hoarder.dispose();
  assert.deepEqual(await query, [{one: 1}]);
});
