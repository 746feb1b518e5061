/** What require_auth rules out: nothing that is made of the password is sent, as a relay in between sees. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {AuthenticationError, sql} from '@databases/pg';
import {failureOf} from './support/failure';
import {openRelay} from './support/relay';
import {useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {urlWith} from './support/url';

const PASSWORD = 'correct horse';
const METHODS = ['password', 'md5', 'scram-sha-256', 'none'] as const;
type Method = (typeof METHODS)[number];
const postgres = useServer(
  {
    hostBasedAuthentication: METHODS.map(
      (method) => `host all by_${method} 127.0.0.1/32 ${method === 'none' ? 'trust' : method}`,
    ),
  },
  async (url) => {
    await using db = createConnectionPool(url);
    for (const method of METHODS) {
      await db.query([
        sql`SELECT set_config('password_encryption', ${method === 'md5' ? 'md5' : 'scram-sha-256'}, true)`,
        sql`CREATE ROLE ${sql.ident(`by_${method}`)} LOGIN PASSWORD 'correct horse'`,
      ]);
    }
  },
);
forbidUnhandledErrors();

/** https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-CONNECT-REQUIRE-AUTH */
const allowed: readonly [string, readonly Method[]][] = [
  ['password', ['password']],
  ['md5', ['md5']],
  ['scram-sha-256', ['scram-sha-256']],
  ['none', ['none']],
  ['md5,scram-sha-256', ['md5', 'scram-sha-256']],
  ['!password', ['md5', 'scram-sha-256', 'none']],
  ['!none', ['password', 'md5', 'scram-sha-256']],
  ['!password,!md5,!none', ['scram-sha-256']],
];

for (const [require_auth, methods] of allowed) {
  for (const method of METHODS) {
    const isAllowed = methods.includes(method);
    test(`require_auth=${require_auth}, server asks for ${method}: ${isAllowed ? 'let in' : 'refused'}`, async () => {
      await using tap = await openRelay(postgres.server);
      const parameters = {sslmode: 'disable', require_auth};
      await using db = createConnectionPool({
        connectionString: urlWith(postgres.url, {user: `by_${method}`, port: tap.port, parameters}),
        password: PASSWORD,
        allowCleartextPasswordWithoutTls: true,
        allowMd5PasswordWithoutTls: true,
      });
      const used = db.query(sql`SELECT 1 AS one`);
      if (isAllowed) {
        assert.deepEqual(await used, [{one: 1}]);
      } else {
        const error = await failureOf(used);
        assert.ok(error instanceof AuthenticationError);
        assert.equal(error.code, 'PG_AUTHENTICATION_REFUSED');
        assert.match(error.message, /require_auth allows/);
        // The startup message, whose first four bytes are its length, and not a byte more.
        const sent = Buffer.concat(tap.sent.flat());
        assert.equal(sent.length, sent.readInt32BE(0));
      }
    });
  }
}
