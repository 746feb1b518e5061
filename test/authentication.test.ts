import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {AuthenticationError, DatabaseError, sql} from '@databases/pg';
import {failureOf} from './support/failure';
import {standInTheMiddle} from './support/man-in-the-middle';
import {useServer} from './support/server';
import {makeCertificates} from './support/certificates';
import {forbidUnhandledErrors} from './support/unhandled';
import {urlWith} from './support/url';

const certificates = makeCertificates();
const METHODS = ['md5', 'scram-sha-256', 'password'] as const;
const PASSWORD = 'correct horse ✓';

const postgres = useServer(
  {
    hostBasedAuthentication: [
      'host all md5_user 127.0.0.1/32 md5',
      'host all scram-sha-256_user 127.0.0.1/32 scram-sha-256',
      'host all password_user 127.0.0.1/32 password',
      'host all rejected_user 127.0.0.1/32 reject',
    ],
    tls: certificates.right,
  },
  createRoles,
);
forbidUnhandledErrors();

async function createRoles(url: string): Promise<void> {
  await using db = createConnectionPool(url);
  for (const method of METHODS) {
    const encryption = method === 'md5' ? 'md5' : 'scram-sha-256';
    await db.query([
      sql`SELECT set_config('password_encryption', ${encryption}, true)`,
      sql`CREATE ROLE ${sql.ident(`${method}_user`)} LOGIN PASSWORD 'correct horse ✓'`,
    ]);
  }
  await db.query(sql`CREATE ROLE rejected_user LOGIN`);
}

/** Of the SCRAM user, with the right password. */
function poolWith(parameters: Record<string, string>, port = postgres.server.port) {
  const url = urlWith(postgres.url, {user: 'scram-sha-256_user', port, parameters});
  return createConnectionPool({connectionString: url, password: PASSWORD});
}

function poolOf(method: string, password: string | undefined, sslmode = 'disable') {
  const url = urlWith(postgres.url, {user: `${method}_user`, parameters: {sslmode}});
  return createConnectionPool({
    connectionString: url,
    ...(password === undefined ? {} : {password}),
    allowCleartextPasswordWithoutTls: sslmode === 'disable' && method === 'password',
    allowMd5PasswordWithoutTls: sslmode === 'disable',
  });
}

for (const method of METHODS) {
  test(`${method}: the right password opens the session`, async () => {
    await using db = poolOf(method, PASSWORD);
    assert.deepEqual(await db.query(sql`SELECT current_user::text AS me`), [
      {me: `${method}_user`},
    ]);
  });

  test(`${method}: a wrong password is the server's own error, at once, and says where it came from`, async () => {
    await using db = poolOf(method, 'battery staple');
    const started = performance.now();
    const error = await failureOf(db.query(sql`SELECT 1`));
    // The pool would wait 5000 ms for a server that is only starting up.
    assert.ok(performance.now() - started < 2000);
    assert.ok(error instanceof DatabaseError);
    assert.equal(error.code, '28P01');
    assert.match(error.message, /password authentication failed/);
    assert.match(error.message, /password came from/);
    assert.doesNotMatch(error.message, /battery/);
  });

  test(`${method}: a missing password is said to be missing, and where it could be put`, async () => {
    await using db = poolOf(method, undefined);
    const error = await failureOf(db.query(sql`SELECT 1`));
    assert.ok(error instanceof AuthenticationError);
    assert.equal(error.code, 'PG_PASSWORD_MISSING');
    assert.match(error.message, /PGPASSWORD/);
  });
}

test('a password in cleartext is not sent without TLS', async () => {
  const url = urlWith(postgres.url, {user: 'password_user', parameters: {sslmode: 'disable'}});
  await using db = createConnectionPool({connectionString: url, password: PASSWORD});
  const error = await failureOf(db.query(sql`SELECT 1`));
  assert.ok(error instanceof AuthenticationError);
  assert.equal(error.code, 'PG_AUTHENTICATION_REFUSED');
  assert.match(error.message, /sslmode=require/);
});

test('a password in cleartext is sent inside TLS', async () => {
  await using db = poolOf('password', PASSWORD, 'require');
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('what MD5 makes of a password is sent inside TLS, and not without it', async () => {
  const url = urlWith(postgres.url, {user: 'md5_user', parameters: {sslmode: 'disable'}});
  await using open = createConnectionPool({connectionString: url, password: PASSWORD});
  const error = await failureOf(open.query(sql`SELECT 1`));
  assert.ok(error instanceof AuthenticationError);
  assert.equal(error.code, 'PG_AUTHENTICATION_REFUSED');
  assert.match(error.message, /allowMd5PasswordWithoutTls/);
  await using db = poolOf('md5', PASSWORD, 'require');
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('trust asks for no password', async () => {
  await using db = createConnectionPool(postgres.url);
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('a user that pg_hba.conf turns away hears of pg_hba.conf', async () => {
  await using db = poolOf('rejected', undefined);
  const error = await failureOf(db.query(sql`SELECT 1`));
  assert.ok(error instanceof DatabaseError);
  assert.equal(error.code, '28000');
  assert.match(error.message, /pg_hba\.conf/);
});

test('the pool is usable again once the password is right', async () => {
  await using admin = createConnectionPool(postgres.url);
  await using db = poolOf('scram-sha-256', 'new password');
  assert.equal((await failureOf(db.query(sql`SELECT 1`))).code, '28P01');
  try {
    await admin.query(sql`ALTER ROLE "scram-sha-256_user" PASSWORD 'new password'`);
    assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
  } finally {
    await admin.query(sql`ALTER ROLE "scram-sha-256_user" PASSWORD 'correct horse ✓'`);
  }
});

test('inside TLS the proof of the password is bound to the certificate of the server', async () => {
  for (const channel_binding of ['require', 'prefer', 'disable']) {
    await using db = poolWith({sslmode: 'require', channel_binding});
    assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
  }
});

test('somebody in the middle with another certificate is found out', async () => {
  await using middle = await standInTheMiddle(postgres.server, certificates.selfSigned);
  for (const parameters of [{}, {channel_binding: 'prefer'}, {channel_binding: 'require'}]) {
    await using db = poolWith({sslmode: 'require', ...parameters}, middle.port);
    const error = await failureOf(db.query(sql`SELECT 1`));
    assert.match(error.message, /channel binding/i);
  }
  await using careless = poolWith({sslmode: 'require', channel_binding: 'disable'}, middle.port);
  assert.deepEqual(await careless.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

async function assertUnbound(user: string, sslmode: string): Promise<void> {
  const parameters = {sslmode, channel_binding: 'require'};
  const connectionString = urlWith(postgres.url, {user, parameters});
  await using db = createConnectionPool({connectionString, password: PASSWORD});
  const error = await failureOf(db.query(sql`SELECT 1`));
  assert.equal(error.code, 'PG_AUTHENTICATION_REFUSED');
  assert.match(error.message, /channel_binding=require/);
}

test('channel_binding=require is refused where there is none', async () => {
  // Without TLS, which `allow` tries first.
  await assertUnbound('scram-sha-256_user', 'allow');
  await assertUnbound('md5_user', 'require');
  await assertUnbound('password_user', 'require');
  await assertUnbound('postgres', 'require');
});

for (const [require_auth, user, allowed] of [
  ['scram-sha-256', 'scram-sha-256_user', true],
  ['scram-sha-256', 'md5_user', false],
  ['scram-sha-256', 'postgres', false],
  ['!password,!md5', 'scram-sha-256_user', true],
  ['!password,!md5', 'md5_user', false],
  ['none', 'postgres', true],
  ['none', 'scram-sha-256_user', false],
] as const) {
  test(`require_auth=${require_auth} ${allowed ? 'lets' : 'does not let'} ${user} in`, async () => {
    const connectionString = urlWith(postgres.url, {user, parameters: {require_auth}});
    await using db = createConnectionPool({connectionString, password: PASSWORD});
    if (allowed) {
      assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
    } else {
      const error = await failureOf(db.query(sql`SELECT 1`));
      assert.equal(error.code, 'PG_AUTHENTICATION_REFUSED');
      assert.match(error.message, /require_auth allows/);
    }
  });
}
