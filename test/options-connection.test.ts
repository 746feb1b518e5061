/** Options of the single connection: its age, its keep-alive, and how the server watches over it. */
import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import {eventually, processId, whenNotRunning, whenRunning} from './support/activity';
import {failureOf} from './support/failure';
import {runProgram} from './support/program';
import {useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {urlWith} from './support/url';

const postgres = useServer(
  {
    hostBasedAuthentication: [
      'host all by_password 127.0.0.1/32 password',
      'host all by_scram 127.0.0.1/32 scram-sha-256',
      'host all by_md5 127.0.0.1/32 md5',
      'local all by_md5 md5',
    ],
  },
  async (url) => {
    await using db = createConnectionPool(url);
    await db.query([
      sql`SET LOCAL password_encryption TO 'scram-sha-256'`,
      sql`CREATE ROLE by_password LOGIN PASSWORD 'open sesame'`,
      sql`CREATE ROLE by_scram LOGIN PASSWORD 'open sesame'`,
      sql`SET LOCAL password_encryption TO 'md5'`,
      sql`CREATE ROLE by_md5 LOGIN PASSWORD 'open sesame'`,
    ]);
  },
);
forbidUnhandledErrors();

const notLinux = process.platform === 'linux' ? false : 'reads /proc, which is of Linux';

test('a session older than maxLifetimeMilliseconds is replaced, and a younger one is kept', async () => {
  await using observer = createConnectionPool(postgres.url);
  await using young = createConnectionPool({
    connectionString: postgres.url,
    maxLifetimeMilliseconds: 3_600_000,
  });
  await using old = createConnectionPool({
    connectionString: postgres.url,
    maxLifetimeMilliseconds: 50,
    idleTimeoutMilliseconds: 0,
  });
  const kept = await processId(young);
  const first = await processId(old);
  await eventually('another session', async () => (await processId(old)) !== first);
  await eventually('the old one is gone', async () => {
    const rows = await observer.query(sql`SELECT FROM pg_stat_activity WHERE pid = ${first}`);
    return rows.length === 0;
  });
  assert.equal(await processId(young), kept);
});

test('a session in use is not ended by its age', async () => {
  await using db = createConnectionPool({
    connectionString: postgres.url,
    maxLifetimeMilliseconds: 1,
  });
  await db.tx(async (tx) => {
    const first = await processId(tx);
    await tx.query(sql`SELECT pg_sleep(0.05)`);
    assert.equal(await processId(tx), first);
  });
});

test('clientConnectionCheckIntervalMilliseconds is a setting of every session, also after a reset', async () => {
  await using db = createConnectionPool({
    connectionString: postgres.url,
    clientConnectionCheckIntervalMilliseconds: 1500,
    poolSize: 1,
  });
  for (let i = 0; i < 2; i++) {
    const [row] = await db.query(sql`SHOW client_connection_check_interval`);
    assert.equal(row.client_connection_check_interval, '1500ms');
    await db.query(sql`SET client_connection_check_interval TO 0`);
  }
});

test('the query of a process that was killed ends on the server, where it would go on without the check', async () => {
  await using observer = createConnectionPool(postgres.url);
  const programOf = (text: string, milliseconds: number) =>
    runProgram(
      postgres.url,
      `const db = createConnectionPool({connectionString: url,
         clientConnectionCheckIntervalMilliseconds: ${milliseconds}});
       await db.query(sql\`${text}\`);`,
    );
  const checked = programOf('SELECT pg_sleep(301)', 100);
  const unchecked = programOf('SELECT pg_sleep(302)', 0);
  await Promise.all([
    whenRunning(observer, 'pg_sleep(301)'),
    whenRunning(observer, 'pg_sleep(302)'),
  ]);
  for (const program of [checked, unchecked]) program.kill('SIGKILL');
  await Promise.all([checked.ended, unchecked.ended]);
  await whenNotRunning(observer, 'SELECT pg_sleep(301)');
  const [row] = await observer.query(
    sql`SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(302)'`,
  );
  assert.equal(row?.ended, true);
});

function hexadecimal(port: number): string {
  return `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The timer that the kernel runs for a socket of this process: 2 is keep-alive. In hundredths of a second. */
async function timerOf(localPort: number): Promise<{kind: number; expiresIn: number}> {
  const table = await readFile('/proc/net/tcp', 'utf8');
  // The kernel may give the same port to connections to other servers.
  const line = table.split('\n').find((each) => {
    const [, local = '', remote = ''] = each.trim().split(/\s+/);
    return (
      local.endsWith(hexadecimal(localPort)) && remote.endsWith(hexadecimal(postgres.server.port))
    );
  });
  const [kind = '', expiresIn = ''] = line?.trim().split(/\s+/)[5]?.split(':') ?? [];
  return {kind: Number.parseInt(kind, 16), expiresIn: Number.parseInt(expiresIn, 16)};
}

for (const [options, isOn, least, most] of [
  [{keepAlive: false}, false, 0, 0],
  [{}, true, 1, 3100],
  [{keepAliveInitialDelayMilliseconds: 0}, true, 120_000, Number.POSITIVE_INFINITY],
  [{keepAlive: true, keepAliveInitialDelayMilliseconds: 60_000}, true, 1, 6100],
] as const) {
  test(
    `${JSON.stringify(options)} ${isOn ? 'sets' : 'sets no'} keep-alive timer`,
    {skip: notLinux},
    async () => {
      await using db = createConnectionPool({connectionString: postgres.url, ...options});
      const [row] = await db.query(sql`SELECT inet_client_port() AS port`);
      await eventually('the answer is acknowledged', async () => {
        const {kind} = await timerOf(row.port);
        return kind === (isOn ? 2 : 0);
      });
      const {expiresIn} = await timerOf(row.port);
      assert.ok(!isOn || (expiresIn >= least && expiresIn <= most), `${expiresIn}`);
    },
  );
}

const PASSWORD = 'open sesame';

test('allowCleartextPasswordWithoutTls sends the password as it is, which else is refused', async () => {
  const connectionString = urlWith(postgres.url, {user: 'by_password', password: PASSWORD});
  await using refused = createConnectionPool({connectionString});
  assert.equal((await failureOf(refused.query(sql`SELECT 1`))).code, 'PG_AUTHENTICATION_REFUSED');
  await using allowed = createConnectionPool({
    connectionString,
    allowCleartextPasswordWithoutTls: true,
  });
  assert.deepEqual(await allowed.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('allowMd5PasswordWithoutTls answers a server that asks for MD5, which else is refused', async () => {
  const connectionString = urlWith(postgres.url, {user: 'by_md5', password: PASSWORD});
  await using refused = createConnectionPool({connectionString});
  const error = await failureOf(refused.query(sql`SELECT 1`));
  assert.equal(error.code, 'PG_AUTHENTICATION_REFUSED');
  assert.match(error.message, /as MD5 .*allowMd5PasswordWithoutTls: true/);
  await using allowed = createConnectionPool({
    connectionString,
    allowMd5PasswordWithoutTls: true,
  });
  assert.deepEqual(await allowed.query(sql`SELECT 1 AS one`), [{one: 1}]);
});

test('over a Unix socket a server that asks for MD5 is answered', async () => {
  const {socketDirectory: host, port} = postgres.server;
  await using db = createConnectionPool({
    host,
    port,
    user: 'by_md5',
    password: PASSWORD,
    database: 'postgres',
  });
  assert.deepEqual(await db.query(sql`SELECT inet_client_addr() IS NULL AS local`), [
    {local: true},
  ]);
});

test('maxScramIterations refuses a server that asks for more work than that', async () => {
  // The server has 4096 of them by default.
  const connectionString = urlWith(postgres.url, {user: 'by_scram', password: PASSWORD});
  await using refused = createConnectionPool({connectionString, maxScramIterations: 4095});
  assert.match((await failureOf(refused.query(sql`SELECT 1`))).message, /4096/);
  await using allowed = createConnectionPool({connectionString, maxScramIterations: 4096});
  assert.deepEqual(await allowed.query(sql`SELECT 1 AS one`), [{one: 1}]);
});
