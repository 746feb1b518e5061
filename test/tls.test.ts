import assert from 'node:assert/strict';
import {once} from 'node:events';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {connect} from 'node:net';
import type {Socket} from 'node:net';
import {tmpdir} from 'node:os';
import tls from 'node:tls';
import {join} from 'node:path';
import {after, test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import {makeCertificates} from './support/certificates';
import {failureOf} from './support/failure';
import {useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {urlWith} from './support/url';
import {listen} from './support/ports';
import {openRelay} from './support/relay';

const certificates = makeCertificates();

const servers = {
  'self-signed': useServer({tls: certificates.selfSigned}),
  'signed, right host': useServer(
    {
      tls: certificates.right,
      hostBasedAuthentication: [
        'hostssl all only_tls 127.0.0.1/32 trust',
        'hostnossl all only_plain 127.0.0.1/32 trust',
        'host all only_tls,only_plain 127.0.0.1/32 reject',
      ],
    },
    createRoles,
  ),
  'signed, wrong host': useServer({tls: certificates.wrongHost}),
};
forbidUnhandledErrors();

async function createRoles(url: string): Promise<void> {
  await using db = createConnectionPool(url);
  await db.query(sql`CREATE ROLE only_tls LOGIN; CREATE ROLE only_plain LOGIN`);
}

const folder = mkdtempSync(join(tmpdir(), 'databases-pg-root-'));
after(() => rmSync(folder, {recursive: true}));
const authority = join(folder, 'authority.crt');
writeFileSync(authority, certificates.authority.certificate);

test('verify-full checks the name it connects to, an address or a DNS name', async () => {
  const parameters = {sslmode: 'verify-full', sslrootcert: authority, hostaddr: '127.0.0.1'};
  const {url} = servers['signed, right host'];
  await using localhost = createConnectionPool(urlWith(url, {host: 'localhost', parameters}));
  await localhost.query(sql`SELECT 1`);
  await using other = createConnectionPool(urlWith(url, {host: 'db.example.com', parameters}));
  assert.equal((await failureOf(other.query(sql`SELECT 1`))).code, 'PG_CONNECT_FAILED');
  const wrong = servers['signed, wrong host'];
  await using named = createConnectionPool(
    urlWith(wrong.url, {host: 'db.example.com', parameters}),
  );
  await named.query(sql`SELECT 1`);
});

for (const [sslmode, user, expected] of [
  ['allow', 'only_tls', true],
  ['prefer', 'only_plain', false],
] as const) {
  test(`sslmode ${sslmode} takes the other way when pg_hba.conf refuses the first`, async () => {
    const {url} = servers['signed, right host'];
    await using db = createConnectionPool(urlWith(url, {user, parameters: {sslmode}}));
    assert.deepEqual(
      await db.query(sql`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`),
      [{ssl: expected}],
    );
  });
}

test('an object of Node options verifies, unless it says not to', async () => {
  const {url: connectionString} = servers['self-signed'];
  await using verified = createConnectionPool({connectionString, ssl: {}});
  assert.equal((await failureOf(verified.query(sql`SELECT 1`))).code, 'PG_CONNECT_FAILED');
  const ca = certificates.selfSigned.certificate;
  await using trusting = createConnectionPool({connectionString, ssl: {ca}});
  await trusting.query(sql`SELECT 1`);
  await using careless = createConnectionPool({
    connectionString,
    ssl: {rejectUnauthorized: false},
  });
  await careless.query(sql`SELECT 1`);
});

test('a query inside TLS is cancelled inside TLS', async () => {
  const url = urlWith(servers['signed, right host'].url, {
    parameters: {sslmode: 'verify-full', sslrootcert: authority},
  });
  // That dispose() returns, which waits for the query, shows that the cancel request arrived.
  await using db = createConnectionPool({connectionString: url, queryTimeoutMilliseconds: 50});
  assert.equal((await failureOf(db.query(sql`SELECT pg_sleep(60)`))).code, 'PG_QUERY_TIMEOUT');
});

test('what is wrong with a certificate comes with what to do about it', async () => {
  for (const [server, parameters, advice] of [
    ['self-signed', {sslmode: 'verify-full'}, /not signed by an authority.*sslrootcert/],
    ['signed, right host', {sslmode: 'verify-full'}, /not signed by an authority.*sslrootcert/],
    ['signed, wrong host', {sslmode: 'verify-full', sslrootcert: authority}, /for another host/],
  ] as const) {
    await using db = createConnectionPool(urlWith(servers[server].url, {parameters}));
    assert.match((await failureOf(db.query(sql`SELECT 1`))).message, advice);
  }
});

test('servername in an object of Node options is the name that is checked', async () => {
  const {url: connectionString} = servers['signed, wrong host'];
  const ca = certificates.authority.certificate;
  for (const [servername, ok] of [
    ['db.example.com', true],
    ['other.example.com', false],
  ] as const) {
    await using db = createConnectionPool({connectionString, ssl: {ca, servername}});
    if (ok) await db.query(sql`SELECT 1`);
    else assert.equal((await failureOf(db.query(sql`SELECT 1`))).code, 'PG_CONNECT_FAILED');
  }
});

test('the key to cancel a query that ran inside TLS is not sent in plaintext', async () => {
  const {server, url} = servers['signed, right host'];
  const cancels: Promise<Buffer>[] = [];
  await using middle = await listen((client) => {
    if (middle.accepted > 1) return void cancels.push(sentWithoutTls(client));
    const upstream = connect(server.port, server.host);
    upstream.on('error', () => undefined).on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
    client.pipe(upstream).pipe(client);
  });
  await using db = createConnectionPool({
    connectionString: urlWith(url, {port: middle.port, parameters: {sslmode: 'prefer'}}),
    // Long enough to connect on a busy machine: a query that was not sent yet has nothing to cancel.
    queryTimeoutMilliseconds: 500,
  });
  await failureOf(db.query(sql`SELECT pg_sleep(2)`));
  const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
  await db.dispose();
  const sent = await Promise.all(cancels);
  // It is repeated while the query runs.
  assert.ok(sent.length > 0);
  for (const bytes of sent) assert.deepEqual(bytes, SSL_REQUEST);
});

/** Says that there is no TLS, and gives all that was sent by the time the connection is closed. */
async function sentWithoutTls(client: Socket): Promise<Buffer> {
  const sent: Buffer[] = [];
  client.once('data', () => client.write('N'));
  client.on('data', (bytes) => {
    sent.push(bytes);
    // A cancel request is answered by closing.
    if (sent.length > 1) client.destroy();
  });
  await once(client, 'close');
  return Buffer.concat(sent);
}

test('sslrootcert=system trusts what SSL_CERT_FILE names, for the right host only', async () => {
  const parameters = {sslrootcert: 'system'};
  process.env['SSL_CERT_FILE'] = authority;
  try {
    await using db = createConnectionPool(urlWith(servers['signed, right host'].url, {parameters}));
    assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
    for (const name of ['signed, wrong host', 'self-signed'] as const) {
      await using refused = createConnectionPool(urlWith(servers[name].url, {parameters}));
      assert.equal((await failureOf(refused.query(sql`SELECT 1`))).code, 'PG_CONNECT_FAILED');
    }
  } finally {
    delete process.env['SSL_CERT_FILE'];
  }
});

test('certificates are read once for all connections of a pool', async (t) => {
  const read = t.mock.method(tls, 'createSecureContext');
  const parameters = {sslmode: 'verify-full', sslrootcert: authority};
  await using db = createConnectionPool(urlWith(servers['signed, right host'].url, {parameters}));
  await Promise.all([1, 2, 3].map(() => db.query(sql`SELECT pg_sleep(0.1)`)));
  const [sessions] = await db.query(
    sql`SELECT count(*)::int4 AS open FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE ssl`,
  );
  assert.deepEqual([sessions, read.mock.callCount()], [{open: 3}, 1]);
});

test('the server is told the name it is connected to by, unless sslsni=0', async () => {
  const {server, url} = servers['signed, right host'];
  for (const sslsni of ['1', '0']) {
    await using tap = await openRelay(server);
    const parameters = {
      sslmode: 'verify-full',
      sslrootcert: authority,
      sslsni,
      hostaddr: '127.0.0.1',
    };
    await using db = createConnectionPool(
      urlWith(url, {host: 'localhost', port: tap.port, parameters}),
    );
    await db.query(sql`SELECT 1`);
    assert.equal(Buffer.concat(tap.sent.flat()).includes('localhost'), sslsni === '1');
  }
});
