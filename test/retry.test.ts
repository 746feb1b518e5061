import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {IsolationLevel, sql} from '@databases/pg';
import type {ConnectionPool, Transaction, TransactionOptions} from '@databases/pg';
import {useServer} from './support/server';

const postgres = useServer();

const raise = (code: string) => sql`
  DO ${sql.__dangerous__rawValue(`$$ BEGIN RAISE EXCEPTION 'made up' USING ERRCODE = '${code}'; END $$`)}
`;

/** Fails `failures` times with `code`, then succeeds. */
async function attempts(
  db: Pick<ConnectionPool, 'tx'>,
  failures: number,
  options: TransactionOptions,
  code = '40001',
): Promise<{attempts: number; outcome: string; steps: number}> {
  let count = 0;
  let steps = 0;
  const run = db.tx(async (tx) => {
    count++;
    const isLast = count > failures;
    await tx.addPostCommitStep(async () => steps++);
    if (!isLast) await tx.query(raise(code));
    return 'done';
  }, options);
  const outcome = await run.catch((error: unknown) => String(Reflect.get(Object(error), 'code')));
  return {attempts: count, outcome, steps};
}

test('without the option a serialization failure is not retried', async () => {
  await using db = createConnectionPool(postgres.url);
  assert.deepEqual(await attempts(db, 1, {}), {attempts: 1, outcome: '40001', steps: 0});
  for (const retrySerializationFailures of [false, 0]) {
    const {attempts: count} = await attempts(db, 1, {retrySerializationFailures});
    assert.equal(count, 1);
  }
});

test('a serialization failure is retried as often as asked for, and steps of failed attempts do not run', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 1});
  const retrySerializationFailures = 2;
  assert.deepEqual(await attempts(db, 2, {retrySerializationFailures}), {
    attempts: 3,
    outcome: 'done',
    steps: 1,
  });
  assert.deepEqual(await attempts(db, 3, {retrySerializationFailures}), {
    attempts: 3,
    outcome: '40001',
    steps: 0,
  });
  const {attempts: count} = await attempts(db, 4, {retrySerializationFailures: true});
  assert.equal(count, 5);
});

test('other errors are not retried, deadlocks included', async () => {
  await using db = createConnectionPool(postgres.url);
  for (const code of ['40P01', '23505', '57014']) {
    assert.deepEqual(await attempts(db, 1, {retrySerializationFailures: true}, code), {
      attempts: 1,
      outcome: code,
      steps: 0,
    });
  }
});

test('a transaction of a task is retried as well', async () => {
  await using db = createConnectionPool(postgres.url);
  const result = await db.task((task) => attempts(task, 1, {retrySerializationFailures: 1}));
  assert.deepEqual(result, {attempts: 2, outcome: 'done', steps: 1});
});

test('transactions that Postgres cannot serialize both succeed when retried', async () => {
  await using db = createConnectionPool({connectionString: postgres.url, poolSize: 2});
  await db.query(sql`CREATE TABLE counters (id int PRIMARY KEY, value int)`);
  await db.query(sql`INSERT INTO counters VALUES (1, 0)`);
  let attemptsMade = 0;
  let meet: (() => void) | undefined;
  const bothHaveRead = new Promise<void>((resolve) => (meet = resolve));
  const increment = async (tx: Transaction) => {
    attemptsMade++;
    const [row] = await tx.query(sql`SELECT value FROM counters WHERE id = 1`);
    if (attemptsMade === 2) meet?.();
    await bothHaveRead;
    await tx.query(sql`UPDATE counters SET value = ${row.value + 1} WHERE id = 1`);
  };
  const options = {
    isolationLevel: IsolationLevel.SERIALIZABLE,
    retrySerializationFailures: true,
  };
  await Promise.all([db.tx(increment, options), db.tx(increment, options)]);
  assert.deepEqual(await db.query(sql`SELECT value FROM counters`), [{value: 2}]);
  assert.equal(attemptsMade, 3);
});
