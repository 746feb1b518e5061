/** Logging in with a certificate instead of a password, and what is said when that goes wrong. */
import assert from 'node:assert/strict';
import {createPrivateKey} from 'node:crypto';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, test} from 'node:test';
import createConnectionPool, {DatabaseError, sql} from '@databases/pg';
import {makeCertificates, makeStrangersCertificate} from './support/certificates';
import {failureOf} from './support/failure';
import {useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {urlWith} from './support/url';

const certificates = makeCertificates();
const {client} = certificates;
const stranger = makeStrangersCertificate('certified');
const postgres = useServer(
  {
    tls: {...certificates.right, certificateAuthority: certificates.authority.certificate},
    hostBasedAuthentication: ['hostssl all certified,other 127.0.0.1/32 cert'],
  },
  async (url) => {
    await using db = createConnectionPool(url);
    await db.query(sql`CREATE ROLE certified LOGIN; CREATE ROLE other LOGIN`);
  },
);
forbidUnhandledErrors();

const folder = mkdtempSync(join(tmpdir(), 'databases-pg-client-'));
after(() => rmSync(folder, {recursive: true}));
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, {mode: 0o600});
  return path;
}
const sslrootcert = file('authority.crt', certificates.authority.certificate);
const sslcert = file('client.crt', client.certificate);
const sslkey = file('client.key', client.key);
const encryptedKey = file(
  'encrypted.key',
  createPrivateKey(client.key)
    .export({type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame'})
    .toString(),
);

function connectWith(parameters: Record<string, string>, user = 'certified') {
  const verified = {sslmode: 'verify-full', sslrootcert, ...parameters};
  return createConnectionPool(urlWith(postgres.url, {user, parameters: verified}));
}

const whoAmI = sql`SELECT current_user::text AS me`;
const certified = [{me: 'certified'}];

for (const [name, parameters] of [
  ['in two files', {sslcert, sslkey}],
  ['in one file', {sslcert: file('both.pem', client.certificate + client.key)}],
  ['with an encrypted key', {sslcert, sslkey: encryptedKey, sslpassword: 'open sesame'}],
] as const) {
  test(`a certificate ${name} opens the session`, async () => {
    await using db = connectWith(parameters);
    assert.deepEqual(await db.query(whoAmI), certified);
  });
}

test("a certificate in Node's options opens the session", async () => {
  await using db = createConnectionPool({
    connectionString: urlWith(postgres.url, {user: 'certified'}),
    ssl: {ca: certificates.authority.certificate, cert: client.certificate, key: client.key},
  });
  assert.deepEqual(await db.query(whoAmI), certified);
});

test('a certificate is of one role, and the server says so', async () => {
  for (const [parameters, user, said] of [
    [{sslcert, sslkey}, 'other', /certificate authentication failed/],
    [{}, 'certified', /requires a valid client certificate/],
    [{sslcert, sslkey, sslcertmode: 'disable'}, 'certified', /requires a valid client certificate/],
  ] as const) {
    await using db = connectWith(parameters, user);
    const error = await failureOf(db.query(sql`SELECT 1`));
    assert.ok(error instanceof DatabaseError);
    assert.equal(error.code, '28000');
    assert.match(error.message, said);
  }
});

test('a certificate or key of no use comes with what to do about it', async () => {
  const strangers = {
    sslcert: file('stranger.crt', stranger.certificate),
    sslkey: file('stranger.key', stranger.key),
  };
  for (const [parameters, advice] of [
    [strangers, /the server does not trust the certificate of this client/],
    [{...strangers, ssl_max_protocol_version: 'TLSv1.2'}, /: tlsv1 alert unknown ca \(the server/],
    [{sslcert, sslkey: strangers.sslkey}, /sslkey is not the key of sslcert/],
    [{sslcert, sslkey: encryptedKey}, /is encrypted and sslpassword/],
    [{sslcert, sslkey: encryptedKey, sslpassword: 'wrong'}, /does not open it/],
    [{sslcert, sslkey: file('no.key', 'no key')}, /sslkey is no private key that OpenSSL reads/],
  ] as const) {
    await using db = connectWith(parameters);
    const error = await failureOf(db.query(sql`SELECT 1`));
    assert.equal(error.code, 'PG_CONNECT_FAILED');
    assert.match(error.message, advice);
  }
});
