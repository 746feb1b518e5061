import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inspect} from 'node:util';
import createConnectionPool, {DatabaseError, SQLErrorCode, isSQLError, sql} from '@databases/pg';
import {failureOf} from './support/failure';
import {refusedPort} from './support/ports';
import {useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {urlWith} from './support/url';

const PASSWORD = 'hunter2 & more';
const postgres = useServer({authentication: 'scram-sha-256', password: PASSWORD}, async (url) => {
  await using db = createConnectionPool(url);
  await db.query(
    sql`CREATE TABLE users (name text CONSTRAINT short_name CHECK (length(name) < 9))`,
  );
});
forbidUnhandledErrors();

async function databaseFailureOf(promise: Promise<unknown>): Promise<DatabaseError> {
  const error = await failureOf(promise);
  assert.ok(error instanceof DatabaseError);
  return error;
}

test('an error of the server has its name, its code and its fields', async () => {
  await using db = createConnectionPool(postgres.url);
  const error = await databaseFailureOf(
    db.query(sql`INSERT INTO users (name) VALUES (${'Bartholomew'})`),
  );
  assert.equal(error.name, 'error');
  assert.equal(error.code, '23514');
  assert.equal(error.severity, 'ERROR');
  assert.match(error.message, /violates check constraint "short_name"/);
  assert.match(String(error.detail), /Failing row/);
  assert.equal(error.schema, 'public');
  assert.equal(error.table, 'users');
  assert.equal(error.constraint, 'short_name');
  assert.equal(error.file, 'execMain.c');
  assert.equal(error.routine, 'ExecConstraints');
  assert.match(String(error.line), /^\d+$/);
  assert.equal(error.sent, 'no');
});

test('isSQLError and SQLErrorCode tell errors of the server from all others', async () => {
  await using db = createConnectionPool(postgres.url);
  const error = await failureOf(db.query(sql`SELECT 1 / 0`));
  assert.ok(isSQLError(error));
  assert.equal(error.code, SQLErrorCode.DIVISION_BY_ZERO);
  assert.ok(!isSQLError(new Error('another')));
  const port = await refusedPort();
  await using nowhere = createConnectionPool(urlWith(postgres.url, {port}));
  assert.ok(!isSQLError(await failureOf(nowhere.query(sql`SELECT 1`))));
});

test('the message shows the lines that the error is about', async () => {
  await using db = createConnectionPool(postgres.url);
  const error = await databaseFailureOf(
    db.query(sql`
      SELECT name
      FROM userss
      WHERE name = ${'x'}
    `),
  );
  assert.match(error.message, /^relation "userss" does not exist\n\n/);
  assert.match(error.message, /> 2 \| FROM userss\n\s*\|\s+\^{6}/);
});

test('in a text of several statements the lines are those of the one that failed', async () => {
  await using db = createConnectionPool(postgres.url);
  const error = await databaseFailureOf(db.query(sql`SELECT 1; SELECT nonsense; SELECT 2`));
  assert.match(error.message, /> 1 \| SELECT nonsense\n/);
});

/** Where in this file the caller of a failing call is: its name is in the stack. */
const callers: Record<string, (url: string) => Promise<unknown>> = {
  async callsQuery(url) {
    await using db = createConnectionPool(url);
    return await db.query(sql`SELECT 1 / 0`);
  },
  async callsQueryOfMany(url) {
    await using db = createConnectionPool(url);
    return await db.query([sql`SELECT 1`, sql`SELECT 1 / 0`]);
  },
  async callsQueryInTask(url) {
    await using db = createConnectionPool(url);
    return await db.task(async (task) => await task.query(sql`SELECT 1 / 0`));
  },
  async callsQueryInTx(url) {
    await using db = createConnectionPool(url);
    return await db.tx(async (tx) => await tx.query(sql`SELECT 1 / 0`));
  },
  async callsQueryInNestedTx(url) {
    await using db = createConnectionPool(url);
    return await db.tx(
      async (outer) => await outer.tx(async (tx) => await tx.query(sql`SELECT 1 / 0`)),
    );
  },
  async callsQueryStream(url) {
    await using db = createConnectionPool(url);
    for await (const row of db.queryStream(sql`SELECT 1 / 0`)) return row;
    return undefined;
  },
  async callsTxThatCannotCommit(url) {
    await using db = createConnectionPool(url);
    return await db.tx(async (tx) => {
      await tx.query(sql`SELECT 1 / 0`).catch(() => undefined);
    });
  },
};
for (const [caller, fail] of Object.entries(callers)) {
  test(`the stack leads to the line that was called: ${caller}`, async () => {
    assert.match(
      String((await failureOf(fail(postgres.url))).stack),
      new RegExp(`at async .*${caller}`),
    );
  });
}

for (const caller of [
  'callsQuery',
  'callsQueryOfMany',
  'callsQueryInTask',
  'callsQueryInTx',
  'callsQueryStream',
]) {
  test(`the stack of a failed connect leads to the line that was called: ${caller}`, async () => {
    const url = urlWith(postgres.url, {port: await refusedPort()});
    const fail = callers[caller];
    assert.ok(fail !== undefined);
    const error = await failureOf(fail(url));
    assert.equal(error.code, 'PG_CONNECT_FAILED');
    assert.match(String(error.stack), new RegExp(`at async .*${caller}`));
  });
}

test('calls that fail for one reason have each a stack of their own', async () => {
  const port = await refusedPort();
  await using db = createConnectionPool(urlWith(postgres.url, {port}));
  const first = async function firstCaller() {
    await db.query(sql`SELECT 1`);
  };
  const second = async function secondCaller() {
    await db.query(sql`SELECT 1`);
  };
  const [a, b] = await Promise.all([failureOf(first()), failureOf(second())]);
  assert.match(String(a.stack), /firstCaller/);
  assert.match(String(b.stack), /secondCaller/);
});

test('no password is in a pool or an error, however it is printed', async () => {
  const port = await refusedPort();
  await using right = createConnectionPool(postgres.url);
  await using wrong = createConnectionPool(
    urlWith(postgres.url, {password: `${PASSWORD} and wrong`}),
  );
  await using refused = createConnectionPool(urlWith(postgres.url, {port}));
  await using unknown = createConnectionPool(urlWith(postgres.url, {database: 'unknown'}));
  await right.query(sql`SELECT 1`);
  const transaction = await right.tx((tx) => Promise.resolve(tx));
  const errors = await Promise.all(
    [wrong, refused, unknown].map((db) => failureOf(db.query(sql`SELECT 1`))),
  );
  errors.push(await failureOf(right.query(sql`SELECT 1 / 0`)));
  for (const printed of [right, wrong, refused, transaction, ...errors]) {
    for (const text of [
      inspect(printed, {depth: 20, showHidden: true}),
      JSON.stringify(printed),
      printed instanceof Error ? `${String(printed)}${printed.stack}` : '',
    ]) {
      assert.doesNotMatch(text ?? '', /hunter2|%26/);
    }
  }
});

test('no parameter value is in an error of this package', async () => {
  await using db = createConnectionPool(postgres.url);
  const secret = 'my secret \0 value';
  const error = await failureOf(db.query(sql`SELECT ${secret}::text`));
  assert.doesNotMatch(inspect(error, {depth: 20, showHidden: true}), /my secret/);
});
