import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import {Servers} from './servers';

test('the server tls asks for a password and proves to be who its authority says', async () => {
  const servers = new Servers();
  try {
    const {server, certificateAuthority} = await servers.get('tls');
    assert.ok(certificateAuthority);
    const connectionString = server.connectionString;
    const db = createConnectionPool({connectionString, ssl: {ca: certificateAuthority}});
    assert.deepEqual(
      await db.query(sql`
        SELECT version, count(*)::int AS items FROM pg_stat_ssl, point_item
        WHERE pid = pg_backend_pid() GROUP BY version
      `),
      [{version: 'TLSv1.3', items: 10_000}],
    );
    await db.dispose();

    const stranger = new URL(connectionString);
    stranger.password = 'wrong';
    const refused = createConnectionPool({
      connectionString: stranger.href,
      ssl: {ca: certificateAuthority},
    });
    await assert.rejects(refused.query(sql`SELECT 1`), /28P01|password/);
    await refused.dispose();
  } finally {
    await servers.stop();
  }
});
