import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {IsolationLevel, sql} from '@databases/pg';
import type {Transaction, TransactionOptions} from '@databases/pg';
import {processId} from './support/activity';
import {firstRow} from './support/rows';
import {postgresVersion, useServer} from './support/server';
import {openWireTap} from './support/wire-tap';

const postgres = useServer();

const insertOutside = (tx: Transaction) => tx.query(sql`INSERT INTO outside VALUES (2)`);

test('a transaction commits when its callback resolves, and gives its result', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.query(sql`CREATE TABLE committed (id int)`);
  const result = await db.tx(async (tx) => {
    await tx.query(sql`INSERT INTO committed VALUES (1)`);
    assert.deepEqual(await db.query(sql`SELECT * FROM committed`), []);
    return 'result';
  });
  assert.equal(result, 'result');
  assert.deepEqual(await db.query(sql`SELECT * FROM committed`), [{id: 1}]);
});

test('a transaction rolls back when its callback throws, and rejects with what it threw', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.query(sql`CREATE TABLE thrown (id int)`);
  const reason = new Error('of the callback');
  const run = db.tx(async (tx) => {
    await tx.query(sql`INSERT INTO thrown VALUES (1)`);
    throw reason;
  });
  await assert.rejects(run, (error) => error === reason);
  const thrower = (): Promise<void> => {
    throw reason;
  };
  await assert.rejects(db.tx(thrower), (error) => error === reason);
  assert.deepEqual(await db.query(sql`SELECT * FROM thrown`), []);
});

test('BEGIN travels with the first statement, and a transaction without statements is not sent', async () => {
  const tap = await openWireTap(postgres.url);
  try {
    await using db = createConnectionPool({connectionString: tap.url, poolSize: 1});
    const warm = () => db.tx((tx) => tx.query(sql`SELECT 1`));
    await warm();
    await warm();
    tap.clear();
    await warm();
    // BEGIN and the statement in one flight, COMMIT in the second.
    assert.deepEqual([tap.flights, tap.chunks], [['BEBES', 'BES'], 2]);
    tap.clear();
    assert.equal(await db.tx(async () => 'nothing done'), 'nothing done');
    await db.tx((tx) => tx.tx((nested) => nested.query([])));
    assert.deepEqual(tap.flights, []);
  } finally {
    await tap.close();
  }
});

test('options and their timeouts travel with the first statement as well', async () => {
  const tap = await openWireTap(postgres.url);
  try {
    await using db = createConnectionPool({connectionString: tap.url, poolSize: 1});
    await db.query(sql`SELECT 0`);
    tap.clear();
    const options = {
      readOnly: true,
      statementTimeoutMilliseconds: 1000,
      lockTimeoutMilliseconds: 5,
    };
    await db.tx((tx) => tx.query(sql`SELECT 1`), options);
    assert.equal(tap.flights.length, 2);
  } finally {
    await tap.close();
  }
});

test('once it has begun, statements of a transaction that are not awaited one by one share a round trip', async () => {
  const tap = await openWireTap(postgres.url);
  try {
    await using db = createConnectionPool({connectionString: tap.url, poolSize: 1});
    await db.query(sql`SELECT 0`);
    tap.clear();
    await db.tx(async (tx) => {
      await tx.query(sql`SELECT 1`);
      await Promise.all([tx.query(sql`SELECT 2`), tx.query(sql`SELECT 3`)]);
    });
    assert.deepEqual([tap.flights.length, tap.chunks], [3, 3]);
  } finally {
    await tap.close();
  }
});

test('isolation level, access mode and deferrability are what the options say', async () => {
  await using db = createConnectionPool(postgres.url);
  const shown = async (options?: TransactionOptions) =>
    db.tx(async (tx) => {
      const [row] = await tx.query(sql`
        SELECT current_setting('transaction_isolation') AS isolation,
          current_setting('transaction_read_only') AS read_only,
          current_setting('transaction_deferrable') AS deferrable
      `);
      return [row.isolation, row.read_only, row.deferrable];
    }, options);
  assert.deepEqual(await shown(), ['read committed', 'off', 'off']);
  for (const isolationLevel of Object.values(IsolationLevel)) {
    const name = isolationLevel.toLowerCase().replace('_', ' ');
    assert.deepEqual(await shown({isolationLevel}), [name, 'off', 'off']);
  }
  assert.deepEqual(await shown({readOnly: true}), ['read committed', 'on', 'off']);
  assert.deepEqual(
    await shown({isolationLevel: IsolationLevel.SERIALIZABLE, readOnly: true, deferrable: true}),
    ['serializable', 'on', 'on'],
  );
  assert.deepEqual(await shown(), ['read committed', 'off', 'off']);
});

test('false is said to the server: it overrules the defaults of the session', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  await db.task(async (task) => {
    await task.query(sql`SET default_transaction_read_only = on`);
    const readOnly = (options?: TransactionOptions) =>
      task.tx(async (tx) => {
        const [row] = await tx.query(sql`SHOW transaction_read_only`);
        return row.transaction_read_only;
      }, options);
    assert.equal(await readOnly(), 'on');
    assert.equal(await readOnly({readOnly: false}), 'off');
  });
});

test('timeouts hold for the transaction only', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const setting = async (name: string, options?: TransactionOptions) =>
    db.tx(async (tx) => {
      const [row] = await tx.query(sql`SELECT current_setting(${name}) AS value`);
      return row.value;
    }, options);
  assert.equal(await setting('statement_timeout', {statementTimeoutMilliseconds: 1234}), '1234ms');
  assert.equal(await setting('lock_timeout', {lockTimeoutMilliseconds: 1001}), '1001ms');
  assert.equal(
    await setting('idle_in_transaction_session_timeout', {
      idleInTransactionSessionTimeoutMilliseconds: 777,
    }),
    '777ms',
  );
  for (const name of ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']) {
    assert.equal(await setting(name), '0');
  }
  const limit = {transactionTimeoutMilliseconds: 4321};
  if (postgresVersion >= 17) {
    assert.equal(await setting('transaction_timeout', limit), '4321ms');
  } else {
    await assert.rejects(setting('transaction_timeout', limit), {code: '42704'});
  }
});

test('a statement that runs into the timeout of its transaction fails with the server error', async () => {
  await using db = createConnectionPool(postgres.url);
  await assert.rejects(
    db.tx((tx) => tx.query(sql`SELECT pg_sleep(30)`), {statementTimeoutMilliseconds: 20}),
    {code: '57014'},
  );
});

test('wrong options are refused before anything is sent', async () => {
  await using db = createConnectionPool('postgres://postgres@127.0.0.1:1/postgres');
  const refusal = {name: 'UsageError', code: 'PG_INVALID_ARGUMENT'};
  const wrong: object[] = [
    {isolationLevel: 'SNAPSHOT; DROP TABLE x'},
    {readonly: true},
    {retrySerializationFailures: -1},
    {statementTimeoutMilliseconds: 1.5},
    {lockTimeoutMilliseconds: '1s'},
    {transactionTimeoutMilliseconds: 2 ** 31},
  ];
  for (const options of wrong) {
    await assert.rejects(
      db.tx(async () => undefined, options),
      refusal,
    );
  }
});

test('a transaction in which an error was swallowed rejects, with that error as the cause', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  await db.query(sql`CREATE TABLE swallowed (id int)`);
  const before = await processId(db);
  const run = db.tx(async (tx) => {
    await tx.query(sql`INSERT INTO swallowed VALUES (1)`);
    await tx.query(sql`SELECT 1/0`).catch(() => undefined);
    await tx.query(sql`SELECT 1`).catch(() => undefined);
    return 'all is well';
  });
  await assert.rejects(run, (error: Error) => {
    assert.equal(error.name, 'TransactionError');
    assert.equal(Reflect.get(error, 'code'), 'PG_TRANSACTION_ROLLED_BACK');
    assert.equal(Reflect.get(Object(error.cause), 'code'), '22012');
    return true;
  });
  assert.deepEqual(await db.query(sql`SELECT * FROM swallowed`), []);
  assert.equal(await processId(db), before);
});

test('a query that failed without being awaited is not lost either', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.query(sql`CREATE TABLE unawaited (id int)`);
  let failing: Promise<unknown> | undefined;
  const run = db.tx(async (tx) => {
    await tx.query(sql`INSERT INTO unawaited VALUES (1)`);
    failing = tx.query(sql`SELECT 1/0`);
    failing.catch(() => undefined);
  });
  await assert.rejects(run, {code: 'PG_TRANSACTION_ROLLED_BACK'});
  await assert.rejects(Promise.resolve(failing), {code: '22012'});
  assert.deepEqual(await db.query(sql`SELECT * FROM unawaited`), []);
});

test('queries that were not awaited are part of the transaction', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.query(sql`CREATE TABLE late (id int)`);
  await db.tx(async (tx) => {
    void tx.query(sql`INSERT INTO late SELECT 1 FROM pg_sleep(0.02)`);
    void tx.query(sql`INSERT INTO late VALUES (2)`);
  });
  assert.deepEqual(await db.query(sql`SELECT * FROM late ORDER BY id`), [{id: 1}, {id: 2}]);
});

test('a COMMIT or ROLLBACK sent as a query ends the transaction: nothing runs outside of it', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  await db.query(sql`CREATE TABLE outside (id int)`);
  for (const [end, refusal] of [
    [sql`COMMIT`, {name: 'UsageError', code: 'PG_USED_AFTER_END', sent: 'maybe'}],
    [sql`ROLLBACK`, {name: 'TransactionError', code: 'PG_TRANSACTION_ROLLED_BACK'}],
  ] as const) {
    for (const goOn of [
      (tx: Transaction) => insertOutside(tx),
      (tx: Transaction) => insertOutside(tx).catch(() => undefined),
      (tx: Transaction) => tx.tx(insertOutside).catch(() => undefined),
      async () => undefined,
    ]) {
      const run = db.tx(async (tx) => {
        await tx.query(sql`SELECT 1`);
        await tx.query(end);
        await goOn(tx);
      });
      await assert.rejects(run, refusal);
    }
  }
  assert.deepEqual(await db.query(sql`SELECT * FROM outside`), []);
});

test('a transaction is of no use after its end', async () => {
  await using db = createConnectionPool(postgres.url);
  const ended = {name: 'UsageError', code: 'PG_USED_AFTER_END', sent: 'no'};
  let leaked: Transaction | undefined;
  await db.tx(async (tx) => {
    leaked = tx;
  });
  const tx = leaked;
  assert.ok(tx);
  await assert.rejects(tx.query(sql`SELECT 1`), ended);
  await assert.rejects(tx.query([]), ended);
  await assert.rejects(
    tx.tx(async () => undefined),
    ended,
  );
  await assert.rejects(
    tx.task(async () => undefined),
    ended,
  );
  await assert.rejects(tx.advisoryTxLock(1), ended);
  await assert.rejects(
    tx.addPostCommitStep(async () => undefined),
    ended,
  );
  await assert.rejects(firstRow(tx.queryStream(sql`SELECT 1`)), ended);
  const stream = tx.queryNodeStream(sql`SELECT 1`);
  await assert.rejects(stream.toArray(), ended);
});

test('a transaction whose connection is lost rejects, and the pool goes on', async () => {
  await using db = createConnectionPool({
    connectionString: postgres.url,
    poolSize: 2,
    onError: () => undefined,
  });
  await db.query(sql`CREATE TABLE cut (id int)`);
  const run = db.tx(async (tx) => {
    await tx.query(sql`INSERT INTO cut VALUES (1)`);
    const id = await processId(tx);
    await db.query(sql`SELECT pg_terminate_backend(${id})`);
    await tx.query(sql`INSERT INTO cut VALUES (2)`);
  });
  await assert.rejects(run);
  assert.deepEqual(await db.query(sql`SELECT * FROM cut`), []);
});

test('a task runs transactions one after the other on its connection', async () => {
  await using db = createConnectionPool(postgres.url);
  await db.task(async (task) => {
    const inside: string[] = [];
    const run = (name: string) =>
      task.tx(async (tx) => {
        inside.push(`${name} begins`);
        await tx.query(sql`SELECT pg_sleep(0.01)`);
        inside.push(`${name} ends`);
      });
    await Promise.all([run('a'), run('b'), task.query(sql`SELECT 1`)]);
    assert.deepEqual(inside, ['a begins', 'a ends', 'b begins', 'b ends']);
  });
});
