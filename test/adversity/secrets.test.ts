/**
 * Promise 25: passwords, tokens and the values of parameters show nowhere that a program prints by accident.
 *
 * What the server itself says is passed on as it says it: its messages may quote a value it could not read, and
 * `detail` the values of a row it refused (see "what the server quotes" below).
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inspect} from 'node:util';
import createConnectionPool, {DatabaseError, PgError, sql} from '@databases/pg';
import type {ConnectionPool, ConnectionPoolConfig} from '@databases/pg';
import {whenRunning} from '../support/activity';
import {failureOf} from '../support/failure';
import {gate} from '../support/gate';
import {listen, refusedPort} from '../support/ports';
import {useServer} from '../support/server';
import {forbidUnhandledErrors} from '../support/unhandled';
import {urlWith} from '../support/url';
import {openChaosProxy} from './rig/chaos-proxy';

const USER = 'keeper';
const PASSWORD = 'canary-password-7fT';
const TOKEN = 'canary-token-9Qx';
const VALUE = 'canary-value-3Lm';
const CANARIES = [PASSWORD, TOKEN, VALUE];

const postgres = useServer(
  {hostBasedAuthentication: [`host all ${USER} 127.0.0.1/32 scram-sha-256`]},
  async (url) => {
    await using admin = createConnectionPool(url);
    await admin.query(sql`CREATE ROLE keeper LOGIN PASSWORD 'canary-password-7fT'`);
    await admin.query(sql`CREATE TABLE unique_names (name text PRIMARY KEY)`);
    await admin.query(sql`GRANT ALL ON unique_names TO keeper`);
  },
);
forbidUnhandledErrors();

const urlOf = (password: string, port?: number) =>
  urlWith(postgres.url, {
    user: USER,
    password,
    ...(port === undefined ? {} : {port}),
    parameters: {sslmode: 'disable'},
  });

function poolWith(options: ConnectionPoolConfig = {}): ConnectionPool {
  return createConnectionPool({
    connectionString: urlOf(PASSWORD),
    onError: () => undefined,
    ...options,
  });
}

/** Every way in which programs and loggers turn a thing into text. */
function asText(thing: unknown): string {
  const texts = [
    inspect(thing, {depth: 10}),
    inspect(thing, {depth: 10, showHidden: true, getters: true}),
    jsonOf(thing),
    String(thing),
  ];
  for (let error = thing; error instanceof Error; error = error.cause) {
    texts.push(error.message, error.stack ?? '', JSON.stringify(Object.entries(error)));
  }
  return texts.join('\n');
}

// What refers to itself has no JSON, so nothing shows in it.
function jsonOf(thing: unknown): string {
  try {
    return JSON.stringify(thing) ?? '';
  } catch {
    return '';
  }
}

function assertNoCanary(thing: unknown, what: string): void {
  const text = asText(thing);
  for (const canary of CANARIES) {
    for (const form of [canary, Buffer.from(canary).toString('base64')]) {
      const at = text.indexOf(form);
      assert.equal(at, -1, `${what} shows ${form}: ${text.slice(Math.max(0, at - 200), at + 40)}`);
    }
  }
}

test('25. secrets: a pool, and all that it gives out, can be inspected and printed as JSON', async () => {
  const asked = {password: () => Promise.resolve(PASSWORD), connectionString: urlOf(TOKEN)};
  for (const options of [{}, asked]) {
    await using db = poolWith(options);
    assertNoCanary(db, 'a pool that has no connection yet');
    const ended = gate();
    const task = db.task(async (connection) => {
      await connection.query(sql`SELECT ${VALUE}::text AS value`);
      assertNoCanary(connection, 'the connection of a task');
      await ended.opened;
    });
    await db.tx(async (tx) => {
      await tx.query(sql`SELECT ${VALUE}::text AS value`);
      assertNoCanary(tx, 'a transaction');
      await tx.tx(async (nested) => assertNoCanary(nested, 'a nested transaction'));
    });
    const stream = db.queryNodeStream(
      sql`SELECT ${VALUE}::text || i AS v FROM generate_series(1, 100) i`,
    );
    assertNoCanary(db.queryStream(sql`SELECT ${VALUE}::text`), 'a stream of rows');
    assertNoCanary(stream, 'a stream that was not read');
    stream.destroy();
    const subscription = await db.listen('canaries', () => undefined);
    assertNoCanary(subscription, 'a subscription');
    await db.query(sql`SELECT ${VALUE}::text AS value`);
    const queued = Array.from({length: 20}, () =>
      db.query(sql`SELECT ${VALUE}::text, pg_sleep(0.01)`),
    );
    assertNoCanary(db, 'a pool with work in flight');
    await Promise.all(queued);
    assertNoCanary(db, 'a pool that was used');
    ended.open();
    await task;
  }
});

const canary = sql`${VALUE}::text`;

/** How each error is brought about, by its code. */
const ERRORS: readonly [string, () => Promise<Error & {code?: unknown}>][] = [
  ['28P01', () => failsOn({connectionString: urlOf(TOKEN)})],
  [
    '28P01',
    () => failsOn({connectionString: urlOf(PASSWORD), password: () => Promise.resolve(TOKEN)}),
  ],
  ['PG_PASSWORD_MISSING', () => failsOn({connectionString: urlWith(postgres.url, {user: USER})})],
  [
    'PG_CONNECT_FAILED',
    async () => failsOn({connectionString: urlOf(PASSWORD, await refusedPort())}),
  ],
  ['PG_CONNECT_TIMEOUT', connectTimeout],
  ['PG_PROTOCOL_VIOLATION', protocolViolation],
  ['42601', () => fails((db) => db.query(sql`SELEC ${canary}`))],
  ['42P01', () => fails((db) => db.query(sql`SELECT ${canary} FROM nowhere`))],
  ['22012', () => fails((db) => db.query(sql`SELECT 1 / length(substr(${canary}, 100))`))],
  ['42P01', () => fails((db) => db.tx((tx) => tx.query(sql`SELECT ${canary} FROM nowhere`)))],
  ['42P01', () => fails((db) => read(db.queryStream(sql`SELECT ${canary} FROM nowhere`)))],
  ['PG_PARAMETER_INVALID', () => fails((db) => db.query(sql`SELECT ${`${VALUE}\0`}::text`))],
  ['PG_PARAMETER_INVALID', () => fails((db) => db.query(sql`SELECT ${cyclic()}::json`))],
  ['PG_PARAMETER_INVALID', () => fails((db) => db.query(sql`SELECT ${`${VALUE}\uD800`}::text`))],
  [
    'PG_PARAMETER_INVALID',
    () => fails((db) => db.copyFrom(sql`COPY unique_names FROM STDIN`, [[`${VALUE}\0`]])),
  ],
  ['PG_QUERY_TIMEOUT', () => fails((db) => db.query(sleeping()), {queryTimeoutMilliseconds: 50})],
  ['57014', () => fails((db) => db.query(sleeping()), {statementTimeoutMilliseconds: 50})],
  ['CONNECTION_POOL:QUEUE_TIMEOUT', queueTimeout],
  [
    'PG_SELF_DEADLOCK',
    () => fails((db) => db.tx(() => db.query(sql`SELECT ${canary}`)), {poolSize: 1}),
  ],
  ['PG_TRANSACTION_ROLLED_BACK', rolledBack],
  ['PG_CONNECTION_LOST', connectionLost],
  ['57P01', terminated],
  ['PG_USED_AFTER_END', usedAfterEnd],
];

async function failsOn(options: ConnectionPoolConfig): Promise<Error & {code?: unknown}> {
  return fails((db) => db.query(sql`SELECT ${canary}`), options);
}

async function fails(
  work: (db: ConnectionPool) => Promise<unknown>,
  options: ConnectionPoolConfig = {},
): Promise<Error & {code?: unknown}> {
  const reports: unknown[] = [];
  await using db = poolWith({
    ...options,
    onError: (error) => reports.push(error),
    onConnectionClosed: (...told) => reports.push(told),
  });
  const error = await failureOf(work(db));
  assertNoCanary(reports, 'what the handlers of the pool are told');
  assertNoCanary(db, 'a pool on which work failed');
  return error;
}

function sleeping() {
  return sql`SELECT ${canary}, pg_sleep(10)`;
}

function cyclic(): unknown {
  const cycle: {value: string; cycle?: unknown} = {value: VALUE};
  cycle.cycle = cycle;
  return cycle;
}

async function read(rows: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of rows);
}

async function connectTimeout() {
  await using silent = await listen(() => undefined);
  return await failsOn({
    connectionString: urlOf(PASSWORD, silent.port),
    connectionTimeoutMilliseconds: 50,
  });
}

async function protocolViolation() {
  await using other = await listen((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
  return await failsOn({connectionString: urlOf(PASSWORD, other.port)});
}

function queueTimeout() {
  return fails(
    async (db) => {
      const sleep = db.task((task) => task.query(sql`SELECT ${canary}, pg_sleep(0.3)`));
      try {
        await db.query(sql`SELECT ${canary}`);
      } finally {
        await sleep;
      }
    },
    {poolSize: 1, queueTimeoutMilliseconds: 100, captureStacks: true},
  );
}

function rolledBack() {
  return fails((db) =>
    db.tx((tx) => tx.query(sql`SELECT ${canary} FROM nowhere`).catch(() => undefined)),
  );
}

async function connectionLost() {
  await using proxy = await openChaosProxy(postgres.server);
  await using observer = createConnectionPool(postgres.url);
  return await fails(
    async (db) => {
      const query = db.query(sql`SELECT ${canary}, pg_sleep(10) AS reset`);
      query.catch(() => undefined);
      await whenRunning(observer, 'AS reset');
      proxy.reset();
      await query;
    },
    {connectionString: urlOf(PASSWORD, proxy.port)},
  );
}

async function terminated() {
  await using observer = createConnectionPool(postgres.url);
  return await fails(async (db) => {
    const query = db.query(sql`SELECT ${canary}, pg_sleep(10) AS terminated`);
    query.catch(() => undefined);
    await whenRunning(observer, 'AS terminated');
    await observer.query(sql`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE pid <> pg_backend_pid() AND query LIKE '%AS terminated'
    `);
    await query;
  });
}

async function usedAfterEnd() {
  const db = poolWith();
  await db.dispose();
  return failureOf(db.query(sql`SELECT ${canary}`));
}

for (const [index, [code, bringAbout]] of ERRORS.entries()) {
  test(`25. secrets: error ${index + 1} (${code}) shows neither password nor value`, async () => {
    const error = await bringAbout();
    assert.equal(error.code, code, error.message);
    assert.ok(error instanceof PgError);
    assertNoCanary(error, `${error.name} ${code}`);
  });
}

test('25. secrets: what the server quotes is in message and detail, and this package adds none of it', async () => {
  await using db = poolWith();
  const insert = sql`INSERT INTO unique_names VALUES (${VALUE})`;
  await db.query(insert);
  const error = await failureOf(db.query(insert));
  assert.ok(error instanceof DatabaseError);
  assert.equal(error.code, '23505');
  assert.equal(error.detail, `Key (name)=(${VALUE}) already exists.`);
  assertNoCanary(error.message, 'the message');
  assertNoCanary(error.stack, 'the stack');
});

test('25. secrets: what cannot be parsed is refused without showing the password', async () => {
  for (const broken of [
    `postgres://${USER}:${PASSWORD}@127.0.0.1:99999/db`,
    `postgres://${USER}:${PASSWORD}@127.0.0.1/db?sslmode=verify-ful`,
    `postgres://${USER}:${PASSWORD}%zz@127.0.0.1/db`,
    `host=127.0.0.1 password='${PASSWORD}`,
    `http://${USER}:${PASSWORD}@127.0.0.1/db`,
  ]) {
    let error: unknown;
    try {
      createConnectionPool(broken);
    } catch (thrown) {
      error = thrown;
    }
    assert.ok(error instanceof PgError, broken);
    assertNoCanary(error, error.message);
  }
});
