/** Promise 23: 12 clients behind a PgBouncer that gives each transaction one of 3 connections. */
import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';
import {findPgBouncer, startPgBouncer} from '../support/pgbouncer';
import type {PgBouncer} from '../support/pgbouncer';
import {refusedPort} from '../support/ports';
import {useServer} from '../support/server';
import {forbidUnhandledErrors} from '../support/unhandled';
import {urlWith} from '../support/url';

const CLIENTS = 12;
const SERVERS = 3;
const QUERIES = 300;

const postgres = useServer({}, startPooler);
const program = findPgBouncer();
const state: {running?: PgBouncer; url?: string} = {};
forbidUnhandledErrors();

async function startPooler(): Promise<void> {
  if (program === undefined) return;
  const port = await refusedPort();
  state.running = await startPgBouncer(
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
pool_mode = transaction
default_pool_size = ${SERVERS}
ignore_startup_parameters = extra_float_digits`,
    `"${postgres.server.user}" ""\n`,
  );
  state.url = urlWith(postgres.url, {port, parameters: {sslmode: 'disable'}});
}
after(() => state.running?.[Symbol.asyncDispose]());

type Ask = (db: ConnectionPool, n: number) => Promise<unknown[]>;
/** Of three texts and several types, so that a statement of another client would show. */
const questions: readonly Ask[] = [
  (db, n) => db.query(sql`SELECT ${n}::int AS n, pg_backend_pid() AS pid FROM pg_sleep(0.001)`),
  (db, n) =>
    db.query(
      sql`SELECT n, pg_backend_pid() AS pid FROM generate_series(${n}::int, ${n}::int) AS n`,
    ),
  (db, n) => db.query(sql`SELECT (${`${n}`}::text)::int AS n, pg_backend_pid() AS pid`),
  (db, n) =>
    db.tx(async (tx) => {
      const [first] = await tx.query(sql`SELECT pg_backend_pid() AS pid`);
      const rows = await tx.query(sql`SELECT ${n}::int AS n, pg_backend_pid() AS pid`);
      assert.equal(rows[0]?.pid, first.pid);
      return rows;
    }),
  async (db, n) => {
    const [, rows = []] = await db.query([
      sql`SELECT 'first' AS n`,
      sql`SELECT ${n}::int AS n, pg_backend_pid() AS pid`,
    ]);
    return rows;
  },
];

for (const several of [false, true]) {
  test(`23. PgBouncer: 12 clients on 3 servers, ${several ? 'each with a pool of its own' : 'in one pool'}`, async (context) => {
    const {url} = state;
    if (url === undefined) return context.skip('no PgBouncer here');
    const pools = Array.from({length: several ? CLIENTS : 1}, () =>
      createConnectionPool({
        connectionString: url,
        prepare: 'never',
        poolSize: several ? 1 : CLIENTS,
      }),
    );
    const backends = new Set<unknown>();
    let right = 0;
    const others: unknown[] = [];
    await Promise.all(
      Array.from({length: QUERIES}, async (_, n) => {
        const db = pools[n % pools.length] ?? assert.fail();
        const ask = questions[n % questions.length] ?? assert.fail();
        try {
          const [row] = await ask(db, n);
          assert.ok(typeof row === 'object' && row !== null && 'n' in row && 'pid' in row);
          assert.equal(row.n, n);
          backends.add(row.pid);
          right++;
        } catch (error) {
          others.push(error);
        }
      }),
    );
    await Promise.all(pools.map((pool) => pool.dispose()));
    context.diagnostic(
      `PgBouncer ${program?.version.join('.')}: ${right}/${QUERIES} right, on ${backends.size} servers`,
    );
    assert.deepEqual(others, []);
    assert.equal(right, QUERIES);
    assert.equal(backends.size, SERVERS);
  });
}
