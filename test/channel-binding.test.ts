/**
 * What a server's certificate is signed with decides what SCRAM is bound to (RFC 5929 section 4.1): every
 * algorithm on a real server, which refuses a binding to anything else.
 */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import createConnectionPool, {AuthenticationError, sql} from '@databases/pg';
import {makeSelfSigned} from './support/certificates';
import type {Signature} from './support/certificates';
import {failureOf} from './support/failure';
import {useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {urlWith} from './support/url';

const BOUND: readonly Signature[] = [
  'rsa-sha1',
  'rsa-sha256',
  'rsa-sha384',
  'rsa-sha512',
  'rsa-pss-sha256',
  'rsa-pss-sha384',
  'rsa-pss-sha512',
  'ecdsa-sha1',
  'ecdsa-sha224',
  'ecdsa-sha256',
  'ecdsa-sha384',
  'ecdsa-sha512',
];
const PASSWORD = 'correct horse';
forbidUnhandledErrors();

function useServerWith(signature: Signature) {
  const postgres = useServer(
    {
      tls: makeSelfSigned(signature),
      hostBasedAuthentication: ['host all scram 127.0.0.1/32 scram-sha-256'],
    },
    async (url) => {
      await using db = createConnectionPool(url);
      await db.query(sql`CREATE ROLE scram LOGIN PASSWORD 'correct horse'`);
    },
  );
  return (channel_binding: string) =>
    createConnectionPool({
      connectionString: urlWith(postgres.url, {
        user: 'scram',
        parameters: {sslmode: 'require', channel_binding},
      }),
      password: PASSWORD,
    });
}

for (const signature of BOUND) {
  describe(`a certificate signed with ${signature}`, () => {
    const connect = useServerWith(signature);
    for (const channelBinding of ['disable', 'prefer', 'require']) {
      test(`channel_binding=${channelBinding} gets in`, async () => {
        await using db = connect(channelBinding);
        assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
      });
    }
  });
}

describe('a certificate signed with ed25519, which names no hash to bind with', () => {
  const connect = useServerWith('ed25519');
  for (const channelBinding of ['disable', 'prefer']) {
    test(`channel_binding=${channelBinding} gets in without`, async () => {
      await using db = connect(channelBinding);
      assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
    });
  }

  test('channel_binding=require is refused, with the reason', async () => {
    await using db = connect('require');
    const error = await failureOf(db.query(sql`SELECT 1`));
    assert.ok(error instanceof AuthenticationError);
    assert.equal(error.code, 'PG_AUTHENTICATION_REFUSED');
    assert.match(error.message, /certificate.*names no hash/);
  });
});
