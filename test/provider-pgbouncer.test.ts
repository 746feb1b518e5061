/** docs/guide/pgbouncer.md, behind a real PgBouncer with the configuration of the page. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {after, test} from 'node:test';
import type {TestContext} from 'node:test';
import createConnectionPool, {sql, TimeoutError} from '@databases/pg';
import {resolveConfig} from '@databases/pg/config';
import {failureOf} from './support/failure';
import {readBlocks} from './support/guide-blocks';
import type {Block} from './support/guide-blocks';
import {GuideProject} from './support/guide-project';
import {findPgBouncer, startPgBouncer} from './support/pgbouncer';
import type {PgBouncer} from './support/pgbouncer';
import {refusedPort} from './support/ports';
import {whoAmI} from './support/provider-programs';
import {addAccount, readVariables} from './support/provider-server';
import {useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {urlWith} from './support/url';

const PAGE = 'docs/guide/pgbouncer.md';
const account = {user: 'my_user', password: 'my_password', database: 'my_database'};
const postgres = useServer({user: 'administrator', authentication: 'scram-sha-256'}, startPooler);
forbidUnhandledErrors();

const blocks = readBlocks(PAGE, readFileSync(join(resolve(__dirname, '../..'), PAGE), 'utf8'));
const configuration = onlyBlock('ini');
const variables = onlyBlock('sh');
const database = onlyBlock('ts');

function onlyBlock(wanted: string): Block {
  const [found, ...more] = blocks.filter(({language}) => language === wanted);
  assert.ok(found !== undefined && more.length === 0, `${PAGE} has one block of ${wanted}`);
  return found;
}

const program = findPgBouncer();
const state: {running?: PgBouncer; url?: string} = {};

async function startPooler(): Promise<void> {
  if (program === undefined) return;
  await addAccount(postgres.server, account);
  const port = await refusedPort();
  state.running = await startPgBouncer(
    program,
    (authFile) =>
      `${replaced(configuration.code, {
        'port=5432': `port=${postgres.server.port}`,
        'listen_port = 6432': `listen_port = ${port}`,
        '/etc/pgbouncer/userlist.txt': authFile,
      })}\nunix_socket_dir =\n`,
    `"${account.user}" "${account.password}"\n`,
  );
  state.url = urlWith(readVariables(variables.code, PAGE)['DATABASE_URL'] ?? '', {port});
}
after(() => state.running?.[Symbol.asyncDispose]());

function replaced(text: string, places: Readonly<Record<string, string>>): string {
  return Object.entries(places).reduce((result, [from, to]) => {
    assert.ok(result.includes(from), `${PAGE} has no ${from}`);
    return result.replace(from, to);
  }, text);
}

/** A test that is left out, and says so, where there is no PgBouncer. */
function pooled(name: string, run: (url: string, t: TestContext) => Promise<void>): void {
  test(name, async (t) => {
    if (state.url === undefined)
      t.skip('no PgBouncer here; install it, or name it in the variable PGBOUNCER');
    else await run(state.url, t);
  });
}

test('the URL leads where the configuration listens', () => {
  const env = readVariables(variables.code, PAGE);
  const config = resolveConfig(env['DATABASE_URL'], {
    env,
    readFile: () => undefined,
    homedir: undefined,
    username: undefined,
  });
  assert.match(configuration.code, new RegExp(`listen_addr = ${config.host[0]}\n`));
  assert.match(configuration.code, new RegExp(`listen_port = ${config.port[0]}\n`));
  assert.match(configuration.code, new RegExp(`\\[databases\\]\n${config.database} = `));
});

pooled('the program of the page runs', async (url) => {
  using project = new GuideProject();
  project.addFile(database);
  const path = project.addFile(whoAmI(database));
  assert.equal(project.compile(), '');
  const ending = await project.run(path, {DATABASE_URL: url});
  assert.deepEqual(
    {code: ending.code, printed: ending.stdout.trim()},
    {code: 0, printed: 'my_user@my_database'},
    ending.stderr,
  );
});

pooled('many connections share two of the server, query by query', async (url) => {
  await using db = createConnectionPool({connectionString: url, prepare: 'never', poolSize: 6});
  const backends = new Set<unknown>();
  for (let round = 0; round < 5; round++) {
    const rows = await Promise.all(
      Array.from({length: 24}, (_, n) =>
        db.query(sql`SELECT ${n}::int AS n, pg_backend_pid() AS pid FROM pg_sleep(0.001)`),
      ),
    );
    assert.deepEqual(
      rows.map(([row]) => row.n),
      Array.from({length: 24}, (_, n) => n),
    );
    for (const [row] of rows) backends.add(row.pid);
  }
  assert.equal(backends.size, 2);
});

pooled('batches, transactions, savepoints and temporary tables work', async (url) => {
  await using db = createConnectionPool({connectionString: url, prepare: 'never', poolSize: 4});
  const work = Array.from({length: 12}, async (_, n) => {
    const results = await db.query([sql`SELECT ${n}::int AS n`, sql`SELECT 2 AS n`]);
    assert.deepEqual(results, [[{n}], [{n: 2}]]);
    const total = await db.tx(async (tx) => {
      await tx.query(sql`SET LOCAL statement_timeout = '7s'`);
      await tx.query(sql`CREATE TEMPORARY TABLE mine (n INT) ON COMMIT DROP`);
      await tx.query(sql`INSERT INTO mine VALUES (${n})`);
      await failureOf(tx.tx((inner) => inner.query(sql`INSERT INTO mine VALUES (1 / 0)`)));
      const [row] = await tx.query(
        sql`SELECT sum(n)::int AS total, current_setting('statement_timeout') AS timeout FROM mine`,
      );
      assert.equal(row.timeout, '7s');
      return row.total;
    });
    assert.equal(total, n);
  });
  await Promise.all(work);
});

pooled('streams work, in a transaction and without', async (url) => {
  await using db = createConnectionPool({connectionString: url, prepare: 'never', poolSize: 4});
  const series = sql`SELECT generate_series(1, 500)::int AS n`;
  const read = async (queryable: Pick<typeof db, 'queryStream'>): Promise<void> => {
    let rows = 0;
    for await (const row of queryable.queryStream(series)) assert.equal(row.n, ++rows);
    assert.equal(rows, 500);
  };
  await Promise.all(Array.from({length: 12}, (_, n) => (n % 2 === 0 ? read(db) : db.tx(read))));
});

pooled('what is set on the session outside a transaction does not stay with it', async (url) => {
  await using db = createConnectionPool({connectionString: url, prepare: 'never', poolSize: 1});
  await using other = createConnectionPool({connectionString: url, prepare: 'never', poolSize: 1});
  const seen = await db.task(async (connection) => {
    const [before] = await connection.query(sql`SELECT pg_backend_pid() AS pid`);
    return other.tx(async (tx) => {
      const [taken] = await tx.query(sql`SELECT pg_backend_pid() AS pid`);
      const [now] = await connection.query(sql`SELECT pg_backend_pid() AS pid`);
      return {before: before.pid, taken: taken.pid, now: now.pid};
    });
  });
  // The one connection of the task is served by whatever connection of the server is free.
  assert.notEqual(seen.now, seen.taken);
});

pooled(
  'without the option queries fail, unless PgBouncer follows prepared statements',
  async (url, t) => {
    await using db = createConnectionPool({connectionString: url, poolSize: 4});
    const outcomes = new Set<unknown>();
    for (let round = 0; round < 4; round++) {
      const results = await Promise.allSettled(
        Array.from({length: 12}, (_, n) => db.query(sql`SELECT ${n}::int FROM pg_sleep(0.002)`)),
      );
      for (const result of results)
        outcomes.add(result.status === 'fulfilled' ? 'answered' : result.reason.code);
    }
    t.diagnostic(`PgBouncer ${program?.version.join('.')}: ${[...outcomes].join(', ')}`);
    const [major = 0, minor = 0] = program?.version ?? [];
    const follows = major > 1 || minor >= 24;
    assert.equal(outcomes.size === 1 && outcomes.has('answered'), follows);
  },
);

pooled('settings of the session are refused while connecting', async (url) => {
  for (const options of [{statementTimeoutMilliseconds: 1000}, {schema: 'public'}]) {
    await using db = createConnectionPool({connectionString: url, prepare: 'never', ...options});
    assert.match(
      (await failureOf(db.query(sql`SELECT 1`))).message,
      /unsupported startup parameter/,
    );
  }
});

pooled(
  'queryTimeoutMilliseconds cancels through PgBouncer, and settings of the role are honoured',
  async (url) => {
    await using admin = createConnectionPool(postgres.url);
    await admin.query(sql`ALTER ROLE my_user SET lock_timeout = '9s'`);
    // Connections that PgBouncer has open got their settings before.
    await admin.query(
      sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'my_user'`,
    );
    await using db = createConnectionPool({
      connectionString: url,
      prepare: 'never',
      queryTimeoutMilliseconds: 200,
      poolSize: 1,
    });
    const error = await failureOf(db.query(sql`SELECT pg_sleep(30)`));
    assert.ok(error instanceof TimeoutError, String(error));
    const [row] = await db.query(sql`SELECT current_setting('lock_timeout') AS timeout`);
    assert.equal(row.timeout, '9s');
    const [asleep] = await admin.query(
      sql`SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND state = 'active' AND pid <> pg_backend_pid()`,
    );
    assert.equal(asleep.n, 0);
  },
);
