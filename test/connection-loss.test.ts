import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {PgError, TransactionError, sql} from '@databases/pg';
import type {ConnectionPool, Queryable} from '@databases/pg';
import {failureOf} from './support/failure';
import {gate} from './support/gate';
import {useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {urlWith} from './support/url';
import {openRelay} from './support/relay';

const postgres = useServer();
forbidUnhandledErrors();

async function processIdOf(db: Queryable): Promise<number> {
  const [row] = await db.query(sql`SELECT pg_backend_pid() AS pid`);
  return Number(row.pid);
}

async function terminate(processId: number): Promise<void> {
  await using admin = createConnectionPool(postgres.url);
  await admin.query(sql`SELECT pg_terminate_backend(${processId}::int)`);
}

async function untilRunning(text: string): Promise<number> {
  await using admin = createConnectionPool(postgres.url);
  for (;;) {
    const [row] = await admin.query(
      sql`SELECT pid FROM pg_stat_activity WHERE query = ${text} AND state = 'active'`,
    );
    if (row !== undefined) return Number(row.pid);
  }
}

async function assertUsable(db: ConnectionPool): Promise<void> {
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
}

test('an idle session that the server ends is replaced, and no caller notices', async () => {
  const closed = gate();
  const errors: Error[] = [];
  await using db = createConnectionPool({
    connectionString: postgres.url,
    onConnectionClosed: () => closed.open(),
    onError: (error) => errors.push(error),
  });
  const processId = await processIdOf(db);
  await terminate(processId);
  await closed.opened;
  await assertUsable(db);
  assert.notEqual(await processIdOf(db), processId);
  assert.deepEqual(errors, []);
});

test('a query whose session the server ends rejects with what the server said, and maybe took effect', async () => {
  await using db = createConnectionPool(postgres.url);
  const error = failureOf(db.query(sql`SELECT pg_sleep(60), 'one'`));
  await terminate(await untilRunning(`SELECT pg_sleep(60), 'one'`));
  const failure = await error;
  assert.ok(failure instanceof PgError);
  assert.equal(failure.code, '57P01');
  assert.equal(failure.sent, 'maybe');
  assert.match(failure.message, /the server ended the connection to 127\.0\.0\.1/);
  await assertUsable(db);
});

test('a query whose connection breaks without a word rejects, and maybe took effect', async () => {
  await using tap = await openRelay(postgres.server);
  const parameters = {sslmode: 'disable'};
  await using db = createConnectionPool(urlWith(postgres.url, {port: tap.port, parameters}));
  tap.dropAnswerTo = 'INSERT INTO';
  await db.query(sql`CREATE TABLE lost (id int)`);
  const failure = await failureOf(db.query(sql`INSERT INTO lost VALUES (1)`));
  assert.ok(failure instanceof PgError);
  assert.equal(failure.code, 'PG_CONNECTION_LOST');
  assert.equal(failure.sent, 'maybe');
  tap.dropAnswerTo = undefined;
  // It did take effect: running it again by itself would have been wrong.
  assert.deepEqual(await db.query(sql`SELECT id FROM lost`), [{id: 1}]);
});

test('a transaction whose session the server ends rejects, writes nothing, and the pool goes on', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.query(sql`CREATE TABLE attempts (id int)`);
  const failure = await failureOf(
    db.tx(async (tx) => {
      await tx.query(sql`INSERT INTO attempts VALUES (1)`);
      await terminate(await processIdOf(tx));
      await tx.query(sql`INSERT INTO attempts VALUES (2)`);
    }),
  );
  assert.ok(['57P01', 'PG_CONNECTION_LOST'].includes(String(failure.code)), String(failure.code));
  assert.deepEqual(await db.query(sql`SELECT id FROM attempts`), []);
});

test('a task whose session the server ends rejects its next call, and the pool goes on', async () => {
  await using db = createConnectionPool(postgres.url);
  const failure = await failureOf(
    db.task(async (task) => {
      await terminate(await processIdOf(task));
      await task.query(sql`SELECT 1`);
    }),
  );
  assert.ok(['57P01', 'PG_CONNECTION_LOST'].includes(String(failure.code)), String(failure.code));
  await assertUsable(db);
});

test('a stream whose session the server ends rejects, and the pool goes on', async () => {
  await using db = createConnectionPool(postgres.url);
  const read = async () => {
    for await (const row of db.queryStream(
      sql`SELECT pg_backend_pid() AS pid FROM generate_series(1, 100000)`,
      {batchSize: 10},
    )) {
      await terminate(Number(row.pid));
    }
  };
  const failure = await failureOf(read());
  assert.ok(['57P01', 'PG_CONNECTION_LOST'].includes(String(failure.code)), String(failure.code));
  await assertUsable(db);
});

test('a COMMIT whose answer is lost says that its outcome is not known', async () => {
  await using tap = await openRelay(postgres.server);
  const parameters = {sslmode: 'disable'};
  await using db = createConnectionPool(urlWith(postgres.url, {port: tap.port, parameters}));
  await db.query(sql`CREATE TABLE orders (id int)`);
  tap.dropAnswerTo = 'COMMIT';
  const steps: string[] = [];
  const inTx = await failureOf(
    db.tx(async (tx) => {
      await tx.addPostCommitStep(async () => steps.push('mail sent'));
      await tx.query(sql`INSERT INTO orders VALUES (1)`);
    }),
  );
  const inBatch = await failureOf(
    db.query([sql`INSERT INTO orders VALUES (2)`, sql`INSERT INTO orders VALUES (3)`]),
  );
  tap.dropAnswerTo = undefined;
  for (const failure of [inTx, inBatch]) {
    assert.ok(failure instanceof TransactionError);
    assert.equal(failure.code, 'PG_COMMIT_OUTCOME_UNKNOWN');
    assert.equal(failure.sent, 'maybe');
    assert.ok(failure.cause instanceof Error);
    assert.match(failure.message, /not known.*Look at the data/);
  }
  assert.deepEqual(steps, []);
  assert.deepEqual(await db.query(sql`SELECT id FROM orders ORDER BY id`), [
    {id: 1},
    {id: 2},
    {id: 3},
  ]);
});

test('a connection lost before COMMIT was sent is not called an unknown outcome', async () => {
  await using tap = await openRelay(postgres.server);
  const parameters = {sslmode: 'disable'};
  await using db = createConnectionPool(urlWith(postgres.url, {port: tap.port, parameters}));
  await db.query(sql`CREATE TABLE never (id int)`);
  tap.dropAnswerTo = 'INSERT INTO';
  const failure = await failureOf(
    db.tx(async (tx) => {
      await tx.query(sql`INSERT INTO never VALUES (1)`).catch(() => undefined);
    }),
  );
  tap.dropAnswerTo = undefined;
  assert.ok(failure instanceof PgError);
  assert.equal(failure.code, 'PG_CONNECTION_LOST');
  assert.deepEqual(await db.query(sql`SELECT id FROM never`), []);
});

test('a pool survives a restart of its server, idle or busy', async () => {
  for (const mode of ['fast', 'immediate', 'crash'] as const) {
    await using db = createConnectionPool(postgres.url);
    const sleeping = failureOf(db.query(sql`SELECT pg_sleep(60), 'restart'`));
    await Promise.all([
      assertUsable(db),
      assertUsable(db),
      untilRunning(`SELECT pg_sleep(60), 'restart'`),
    ]);
    await postgres.server.restart(mode);
    const failure = await sleeping;
    assert.ok(failure instanceof PgError);
    assert.equal(failure.sent, 'maybe');
    await assertUsable(db);
  }
});

test('a query that is asked for while the server is down fails at once, and works when it is back', async () => {
  await using db = createConnectionPool(postgres.url);
  await assertUsable(db);
  await postgres.server.kill();
  const failure = await failureOf(
    (async () => {
      for (;;) await db.query(sql`SELECT 1`);
    })(),
  );
  assert.ok(
    ['PG_CONNECTION_LOST', 'PG_CONNECT_FAILED'].includes(String(failure.code)),
    String(failure),
  );
  await postgres.server.restart();
  await assertUsable(db);
});

test('queries that wait for a server which is starting up are answered when it is ready', async () => {
  await using db = createConnectionPool(postgres.url);
  await postgres.server.kill();
  const restarted = postgres.server.restart('crash');
  const answers = Promise.all(
    Array.from({length: 20}, async (_, i) => {
      for (;;) {
        try {
          return await db.query(sql`SELECT ${i}::int AS i`);
        } catch (error) {
          // Until the postmaster listens, the port is refused.
          assert.ok(error instanceof PgError);
          assert.equal(error.code, 'PG_CONNECT_FAILED');
        }
      }
    }),
  );
  await restarted;
  assert.deepEqual(
    (await answers).map(([row]) => row.i),
    Array.from({length: 20}, (_, i) => i),
  );
});
