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

test('when no host answers, the error names the last and holds what went wrong with it', async () => {
  const ports = [await refusedPort(), await refusedPort()];
  await using db = createConnectionPool(options(ports));
  const error = await failureOf(db.query(sql`SELECT 1`));
  assert.ok(error instanceof ConnectionError);
  assert.match(error.message, new RegExp(`127\\.0\\.0\\.1:${ports[1]}`));
  assert.ok(error.cause instanceof Error);
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
