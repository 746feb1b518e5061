import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {PeerCertificate} from 'node:tls';
import createConnectionPool, {sql} from '@databases/pg';
import {makeCertificates} from './support/certificates';
import {failureOf} from './support/failure';
import {useServer} from './support/server';
import {urlWith} from './support/url';

const certificates = makeCertificates();
const ca = certificates.authority.certificate;

const servers = {
  // Names itself in its subject only.
  named: useServer({tls: certificates.client}),
  'of two hosts': useServer({tls: certificates.right}),
  'with a password': useServer({tls: certificates.right, authentication: 'scram-sha-256'}),
};

for (const [server, servername, isFine] of [
  ['named', 'certified', true],
  ['named', 'other', false],
  ['of two hosts', 'LocalHost', true],
  // The subject does not count where there are names beside it.
  ['of two hosts', 'right', false],
] as const) {
  test(`a certificate ${server} is ${isFine ? '' : 'not '}taken for ${servername}`, async () => {
    const {url: connectionString} = servers[server];
    await using db = createConnectionPool({connectionString, ssl: {ca, servername}});
    if (isFine) return void (await db.query(sql`SELECT 1`));
    const {cause} = await failureOf(db.query(sql`SELECT 1`));
    assert.ok(cause instanceof Error && 'code' in cause && 'cert' in cause);
    assert.equal(cause.code, 'ERR_TLS_CERT_ALTNAME_INVALID');
    // As Node's own error, it has the whole certificate.
    assert.ok(isCertificate(cause.cert));
    assert.ok(cause.cert.fingerprint256.length > 0);
  });
}

test('checkServerIdentity of the program is given the whole certificate, and may refuse it', async () => {
  const {url: connectionString} = servers['of two hosts'];
  const seen: unknown[] = [];
  const checkServerIdentity = (host: string, certificate: PeerCertificate) => {
    const issuer = 'issuerCertificate' in certificate ? certificate.issuerCertificate : undefined;
    seen.push([host, certificate.subject.CN, isCertificate(issuer) && issuer.subject.CN]);
    return seen.length === 1 ? undefined : new Error('not pinned');
  };
  const ssl = {ca, checkServerIdentity};
  const query = async () => {
    await using db = createConnectionPool({connectionString, ssl});
    await db.query(sql`SELECT 1`);
  };
  await query();
  assert.equal((await failureOf(query())).code, 'PG_CONNECT_FAILED');
  const given = ['127.0.0.1', 'right', 'Test Authority'];
  assert.deepEqual(seen, [given, given]);
});

test('a proof is bound to the certificate whose names were looked at', async () => {
  const {url} = servers['with a password'];
  const connectionString = urlWith(url, {parameters: {channel_binding: 'require'}});
  await using db = createConnectionPool({connectionString, ssl: {ca}});
  await db.query(sql`SELECT 1`);
});

function isCertificate(value: unknown): value is PeerCertificate {
  return typeof value === 'object' && value !== null && 'fingerprint256' in value;
}
