/** Listening through a real PgBouncer: what it passes on works, and what it does not is found out. */
import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import createConnectionPool, {ConfigurationError} from '@databases/pg';
import {failureOf} from './support/failure';
import {findPgBouncer, startPgBouncer} from './support/pgbouncer';
import type {PgBouncer} from './support/pgbouncer';
import {refusedPort} from './support/ports';
import {received} from './support/received';
import {useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {urlWith} from './support/url';

const MODES = ['session', 'transaction'] as const;
const postgres = useServer({}, startPoolers);
const program = findPgBouncer();
const running: PgBouncer[] = [];
const urls: Partial<Record<(typeof MODES)[number], string>> = {};
forbidUnhandledErrors();

async function startPoolers(): Promise<void> {
  if (program === undefined) return;
  for (const mode of MODES) {
    const port = await refusedPort();
    running.push(
      await startPgBouncer(
        program,
        (authFile) => `
[databases]
* = host=127.0.0.1 port=${postgres.server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${authFile}
pool_mode = ${mode}
default_pool_size = 3
ignore_startup_parameters = extra_float_digits`,
        `"${postgres.server.user}" ""\n`,
      ),
    );
    urls[mode] = urlWith(postgres.url, {port, parameters: {sslmode: 'disable'}});
  }
}
after(() => Promise.all(running.map((pooler) => pooler[Symbol.asyncDispose]())));

test('a pooler that keeps sessions apart passes notifications on', async (t) => {
  if (urls.session === undefined) return t.skip('no PgBouncer here');
  await using db = createConnectionPool(urls.session);
  const channels = received<string>();
  await using _ = await db.listen('pooled', ({channel}) => channels.take(channel));
  await using other = createConnectionPool(postgres.url);
  await other.notify('pooled');
  assert.deepEqual(await channels.until(1), ['pooled']);
});

test('one that gives each transaction another connection is found out by listen()', async (t) => {
  if (urls.transaction === undefined) return t.skip('no PgBouncer here');
  await using db = createConnectionPool({connectionString: urls.transaction, prepare: 'never'});
  const error = await failureOf(db.listen('pooled', () => undefined));
  assert.ok(error instanceof ConfigurationError, String(error));
  assert.match(
    error.message,
    /do not arrive from 127\.0\.0\.1:\d+: it is a pooler .*pool_mode=session/,
  );
  // Notifying needs no session.
  await using direct = createConnectionPool(postgres.url);
  const payloads = received<string>();
  await using _ = await direct.listen('pooled', ({payload}) => payloads.take(payload));
  await db.notify('pooled', 'through the pooler');
  assert.deepEqual(await payloads.until(1), ['through the pooler']);
});
