/** TLS from the first byte on, as Postgres takes it since 17 (sslnegotiation=direct). */
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {test} from 'node:test';
import {createServer} from 'node:tls';
import createConnectionPool, {sql} from '@databases/pg';
import {makeSelfSigned} from './support/certificates';
import {failureOf} from './support/failure';
import {openRelay} from './support/relay';
import {postgresVersion, useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {urlWith} from './support/url';

const certificate = makeSelfSigned('ecdsa-sha256');
const postgres = useServer({tls: certificate});
forbidUnhandledErrors();

const TLS_HANDSHAKE = 22;
const parameters = {sslmode: 'require', sslnegotiation: 'direct'};

test('the first byte is of the TLS handshake; a server before 17 is named as the reason that it fails', async () => {
  await using tap = await openRelay(postgres.server);
  await using db = createConnectionPool(urlWith(postgres.url, {port: tap.port, parameters}));
  const used = db.query(sql`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`);
  if (postgresVersion >= 17) {
    assert.deepEqual(await used, [{ssl: true}]);
  } else {
    const error = await failureOf(used);
    assert.equal(error.code, 'PG_CONNECT_FAILED');
    assert.match(error.message, /Postgres 17; leave sslnegotiation=direct out/);
  }
  assert.equal(tap.sent[0]?.[0]?.[0], TLS_HANDSHAKE);
});

test('a TLS server that does not say it speaks Postgres is sent nothing', async () => {
  let received = 0;
  const other = createServer({cert: certificate.certificate, key: certificate.key}, (socket) => {
    socket.on('error', () => undefined).on('data', (bytes: Buffer) => (received += bytes.length));
  });
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  assert.ok(typeof address === 'object' && address !== null);
  try {
    await using db = createConnectionPool(urlWith(postgres.url, {port: address.port, parameters}));
    const error = await failureOf(db.query(sql`SELECT 1`));
    assert.equal(error.code, 'PG_CONNECT_FAILED');
    assert.match(error.message, /does not take TLS without being asked/);
  } finally {
    other.close();
    await once(other, 'close');
  }
  assert.equal(received, 0);
});
