import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';
import {failureOf} from './support/failure';
import {postgresVersion, useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {urlWith} from './support/url';
import {openRelay} from './support/relay';

const postgres = useServer();
forbidUnhandledErrors();

async function setting(db: ConnectionPool, name: string): Promise<unknown> {
  const [row] = await db.query(sql`SELECT current_setting(${name}) AS value`);
  return row.value;
}

/** The protocol version of the startup message, as `major.minor`. */
function startupVersion(sent: readonly (readonly Buffer[])[]): string {
  const startup = sent[0]?.[0];
  assert.ok(startup !== undefined);
  return `${startup.readUInt16BE(4)}.${startup.readUInt16BE(6)}`;
}

for (const [asked, version] of [
  [undefined, '3.0'],
  ['3.0', '3.0'],
  ['3.2', '3.2'],
  ['latest', '3.2'],
] as const) {
  test(`max_protocol_version=${asked ?? '(unset)'} asks for ${version}, and every server can be talked to and cancelled`, async () => {
    await using tap = await openRelay(postgres.server);
    const parameters = {
      sslmode: 'disable',
      ...(asked === undefined ? {} : {max_protocol_version: asked}),
    };
    await using db = createConnectionPool(urlWith(postgres.url, {port: tap.port, parameters}));
    await db.query(sql`SELECT 1`);
    assert.equal(startupVersion(tap.sent), version);
    // The key of a cancel request is longer in 3.2: that it takes effect shows that it was kept whole.
    const abort = new AbortController();
    const sleep = db.query(sql`SELECT pg_sleep(60)`, {signal: abort.signal});
    await running(db, 'SELECT pg_sleep(60)');
    abort.abort();
    assert.equal((await failureOf(sleep)).name, 'AbortError');
    await stopped(db, 'SELECT pg_sleep(60)');
  });
}

test('min_protocol_version=3.2 is met by Postgres 18, and a clear error before', async () => {
  const parameters = {min_protocol_version: '3.2'};
  await using db = createConnectionPool(urlWith(postgres.url, {parameters}));
  if (postgresVersion >= 18) {
    assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
    return;
  }
  const error = await failureOf(db.query(sql`SELECT 1`));
  assert.equal(error.code, 'PG_CONNECT_FAILED');
  assert.match(error.message, /3\.0 at most and min_protocol_version asks for 3\.2/);
});

test('a unix socket is connected to by its directory', async () => {
  const {server} = postgres;
  await using db = createConnectionPool({
    connectionString: false,
    host: server.socketDirectory,
    port: server.port,
    user: server.user,
    database: server.database,
  });
  const [row] = await db.query(sql`SELECT inet_client_addr() IS NULL AS local`);
  assert.equal(row.local, true);
});

test('a unix socket that is not there says so', async () => {
  const {server} = postgres;
  await using db = createConnectionPool({
    connectionString: false,
    host: '/nowhere',
    port: server.port,
    user: server.user,
  });
  const error = await failureOf(db.query(sql`SELECT 1`));
  assert.equal(error.code, 'PG_CONNECT_FAILED');
  assert.match(error.message, /\/nowhere\/\.s\.PGSQL\.\d+.*no such socket/);
});

test('schema is the search_path, quoted, also after a session was cleaned', async () => {
  await using db = createConnectionPool({
    connectionString: postgres.url,
    schema: ['My "Schema"', 'public'],
    poolSize: 1,
  });
  await db.query(sql`CREATE SCHEMA "My ""Schema"""`);
  await db.query(sql`CREATE TABLE here (id int)`);
  const [row] = await db.query(
    sql`SELECT relnamespace::regnamespace::text AS schema FROM pg_class WHERE relname = 'here'`,
  );
  assert.equal(row.schema, '"My ""Schema"""');
  await db.query(sql`SET search_path TO pg_catalog`);
  assert.equal(await setting(db, 'search_path'), '"My ""Schema""", "public"');
});

test('names and timeouts are settings of every session', async () => {
  await using db = createConnectionPool({
    connectionString: postgres.url,
    applicationName: 'größer',
    statementTimeoutMilliseconds: 61_001,
    lockTimeoutMilliseconds: 62_001,
    idleInTransactionSessionTimeoutMilliseconds: 63_001,
  });
  // Postgres shows what is not ASCII in an application name as it can: escaped since 16, ? before.
  assert.match(String(await setting(db, 'application_name')), /^gr.+er$/);
  assert.equal(await setting(db, 'statement_timeout'), '61001ms');
  assert.equal(await setting(db, 'lock_timeout'), '62001ms');
  assert.equal(await setting(db, 'idle_in_transaction_session_timeout'), '63001ms');
});

test('statementTimeoutMilliseconds ends a statement on the server', async () => {
  await using db = createConnectionPool({
    connectionString: postgres.url,
    statementTimeoutMilliseconds: 20,
  });
  assert.equal((await failureOf(db.query(sql`SELECT pg_sleep(60)`))).code, '57014');
});

test('transactionTimeoutMilliseconds is a setting since Postgres 17, and a clear error before', async () => {
  await using db = createConnectionPool({
    connectionString: postgres.url,
    transactionTimeoutMilliseconds: 64_001,
  });
  if (postgresVersion >= 17) {
    assert.equal(await setting(db, 'transaction_timeout'), '64001ms');
    return;
  }
  const error = await failureOf(db.query(sql`SELECT 1`));
  assert.match(error.message, /transactionTimeoutMilliseconds needs Postgres 17/);
});

test('options, application_name and limits of the pool come from the connection string', async () => {
  const parameters = {
    options: '-c work_mem=5MB -c search_path=elsewhere',
    application_name: 'from the url',
    connection_limit: '1',
  };
  await using db = createConnectionPool(urlWith(postgres.url, {parameters}));
  assert.equal(await setting(db, 'work_mem'), '5MB');
  assert.equal(await setting(db, 'search_path'), 'elsewhere');
  assert.equal(await setting(db, 'application_name'), 'from the url');
  const pids = await Promise.all(
    Array.from({length: 5}, () => db.query(sql`SELECT pg_backend_pid() AS pid, pg_sleep(0.001)`)),
  );
  assert.equal(new Set(pids.map(([row]) => row.pid)).size, 1);
});

test('the session is in UTF-8 and ISO dates whatever the server and the user prefer', async () => {
  await using admin = createConnectionPool(postgres.url);
  await admin.query(sql`CREATE ROLE german LOGIN`);
  await admin.query(sql`ALTER ROLE german SET DateStyle TO 'German'`);
  await admin.query(sql`ALTER ROLE german SET client_encoding TO 'LATIN1'`);
  await using db = createConnectionPool(urlWith(postgres.url, {user: 'german'}));
  const [row] = await db.query(
    sql`SELECT ${'漢字'}::text AS text, '2026-05-04 12:00Z'::timestamptz AS at`,
  );
  assert.equal(row.text, '漢字');
  assert.deepEqual(row.at, new Date('2026-05-04T12:00:00Z'));
});

test('a warning about the configuration is given to onError once, without the password', async () => {
  const warnings: Error[] = [];
  await using db = createConnectionPool({
    connectionString: urlWith(postgres.url, {user: 'postgres'}).replace('@', ':se@cret@'),
    onError: (error) => warnings.push(error),
  });
  await db.query(sql`SELECT 1`);
  await db.query(sql`SELECT 1`);
  assert.equal(warnings.length, 1);
  assert.match(String(warnings[0]?.message), /@/);
  assert.doesNotMatch(String(warnings[0]?.message), /se@|cret/);
});

async function running(db: ConnectionPool, text: string): Promise<void> {
  while ((await backendsRunning(db, text)) === 0);
}

async function stopped(db: ConnectionPool, text: string): Promise<void> {
  while ((await backendsRunning(db, text)) > 0);
}

async function backendsRunning(db: ConnectionPool, text: string): Promise<number> {
  const rows = await db.query(
    sql`SELECT pid FROM pg_stat_activity WHERE query = ${text} AND state = 'active'`,
  );
  return rows.length;
}
