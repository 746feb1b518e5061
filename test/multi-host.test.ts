import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {ConnectionError, sql} from '@databases/pg';
import {failureOf} from './support/failure';
import {listen, refusedPort} from './support/ports';
import {useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {openRelay} from './support/relay';

const postgres = useServer();
forbidUnhandledErrors();

function options(ports: readonly number[]) {
  const {user, database} = postgres.server;
  return {
    connectionString: false,
    host: ports.map(() => '127.0.0.1'),
    port: [...ports],
    user,
    database,
    ssl: false,
  } as const;
}

test('a host that refuses is passed over for the next', async () => {
  await using db = createConnectionPool(options([await refusedPort(), postgres.server.port]));
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('a host that hangs up is passed over, and later connections begin with the one that answered', async () => {
  await using hangsUp = await listen((socket) => socket.destroy());
  await using db = createConnectionPool({
    ...options([hangsUp.port, postgres.server.port]),
    poolSize: 2,
    maxUses: 1,
  });
  for (let i = 0; i < 3; i++) await db.query(sql`SELECT 1`);
  assert.equal(hangsUp.accepted, 1);
});

test('when the host that answered goes away, the others are tried again', async () => {
  await using second = await openRelay(postgres.server);
  const first = await refusedPort();
  await using db = createConnectionPool({
    ...options([first, second.port, postgres.server.port]),
    maxUses: 1,
  });
  await db.query(sql`SELECT 1`);
  assert.equal(second.sent.length, 1);
  await second[Symbol.asyncDispose]();
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('a wrong database is not looked for on the next host', async () => {
  await using next = await listen((socket) => socket.destroy());
  await using db = createConnectionPool({
    ...options([postgres.server.port, next.port]),
    database: 'nowhere',
  });
  assert.equal((await failureOf(db.query(sql`SELECT 1`))).code, '3D000');
  assert.equal(next.accepted, 0);
});

test('when no host answers, the error names them all and holds what went wrong with each', async () => {
  const ports = [await refusedPort(), await refusedPort()];
  await using db = createConnectionPool(options(ports));
  const error = await failureOf(db.query(sql`SELECT 1`));
  assert.ok(error instanceof ConnectionError);
  assert.equal(error.code, 'PG_CONNECT_FAILED');
  for (const port of ports) {
    assert.match(
      error.message,
      new RegExp(`after \\d+ ms, .*127\\.0\\.0\\.1:${port}: .*ECONNREFUSED`),
    );
  }
  assert.ok(error.cause instanceof AggregateError);
  assert.equal(error.cause.errors.length, 2);
});

test('a host that accepts and says nothing costs its timeout once', async () => {
  await using silent = await listen(() => undefined);
  await using db = createConnectionPool({
    ...options([silent.port, postgres.server.port]),
    connectionTimeoutMilliseconds: 300,
    maxUses: 1,
  });
  for (let i = 0; i < 3; i++) await db.query(sql`SELECT 1`);
  assert.equal(silent.accepted, 1);
});

test('in random order, a host that says nothing costs its timeout once', async () => {
  await using silent = await listen(() => undefined);
  const {user, database} = postgres.server;
  const url = `postgres://${user}@127.0.0.1:${silent.port},127.0.0.1:${postgres.server.port}/${database}?load_balance_hosts=random&sslmode=disable`;
  await using db = createConnectionPool({
    connectionString: url,
    connectionTimeoutMilliseconds: 300,
    maxUses: 1,
  });
  for (let i = 0; i < 30; i++) await db.query(sql`SELECT 1`);
  assert.ok(silent.accepted <= 1);
});

test('where all hosts say nothing, each has its time and the error is a timeout', async () => {
  await using first = await listen(() => undefined);
  await using second = await listen(() => undefined);
  await using db = createConnectionPool({
    ...options([first.port, second.port]),
    connectionTimeoutMilliseconds: 50,
  });
  const error = await failureOf(db.query(sql`SELECT 1`));
  assert.equal(error.code, 'PG_CONNECT_TIMEOUT');
  for (const {port} of [first, second]) {
    assert.match(error.message, new RegExp(`127\\.0\\.0\\.1:${port} within 50 ms`));
  }
});

test('a name that is not known is passed over', async () => {
  await using db = createConnectionPool({
    ...options([5432, postgres.server.port]),
    host: ['nowhere.invalid', '127.0.0.1'],
  });
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('hostaddr says where to connect, and the name is not looked up', async () => {
  const {user, database, port} = postgres.server;
  await using db = createConnectionPool(
    `host=nowhere.invalid hostaddr=127.0.0.1 port=${port} user=${user} dbname=${database} sslmode=disable`,
  );
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('load_balance_hosts=random spreads connections over the hosts', async () => {
  await using first = await openRelay(postgres.server);
  await using second = await openRelay(postgres.server);
  const {user, database} = postgres.server;
  const url = `postgres://${user}@127.0.0.1:${first.port},127.0.0.1:${second.port}/${database}?load_balance_hosts=random&sslmode=disable`;
  await using db = createConnectionPool({connectionString: url, maxUses: 1});
  // The chance that 40 fair throws come out alike is 2 in 10^12.
  for (let i = 0; i < 40; i++) await db.query(sql`SELECT 1`);
  assert.equal(first.sent.length + second.sent.length, 40);
  assert.ok(first.sent.length > 0);
  assert.ok(second.sent.length > 0);
});

for (const [target, message] of [
  ['read-only', /read-only/],
  ['standby', /standby/],
] as const) {
  test(`target_session_attrs=${target} does not settle for a primary`, async () => {
    const {user, database, port} = postgres.server;
    const url = `postgres://${user}@127.0.0.1:${port}/${database}?target_session_attrs=${target}`;
    await using db = createConnectionPool(url);
    const error = await failureOf(db.query(sql`SELECT 1`));
    assert.equal(error.code, 'PG_CONNECT_FAILED');
    assert.match(error.message, message);
  });
}

for (const target of ['any', 'read-write', 'primary', 'prefer-standby']) {
  test(`target_session_attrs=${target} takes a primary`, async () => {
    const {user, database, port} = postgres.server;
    const url = `postgres://${user}@127.0.0.1:${port}/${database}?target_session_attrs=${target}`;
    await using db = createConnectionPool(url);
    assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
  });
}
