/* transactionPerTest() of @databases/pg-test with our own client: what one test does, the next does not see. */
import assert from 'node:assert/strict';
import {afterEach, before, beforeEach, describe, test} from 'node:test';
import {isTransaction, sql} from '@databases/pg';
import type {Queryable, Transaction} from '@databases/pg';
import {transactionPerTest} from '@databases/pg-test';
import {useDatabase} from './support/database';

const database = useDatabase();

function tx(fn: (transaction: Transaction) => Promise<unknown>): Promise<unknown> {
  return database.db.tx(fn);
}

async function ids(queryable: Queryable): Promise<number[]> {
  const rows = await queryable.query(sql`SELECT id FROM accounts ORDER BY id`);
  return rows.map(({id}) => Number(id));
}

/** Code of a program: it takes what it is given and uses a transaction of its own. */
async function transfer(queryable: Queryable, id: number, fails = false): Promise<void> {
  await queryable.tx(async (transaction) => {
    await transaction.query(sql`INSERT INTO accounts VALUES (${id})`);
    if (fails) throw new Error('no');
  });
}

describe('a transaction per test', () => {
  // Not of the hooks below: they are registered first, so this one runs when the transaction is rolled back.
  const hooks = {beforeEach, afterEach};
  before(() => database.db.query(sql`CREATE TABLE accounts (id INT PRIMARY KEY)`));
  const db = transactionPerTest({tx}, hooks);
  afterEach(async () => {
    assert.deepEqual(
      await ids(database.db),
      [],
      'nothing is committed, and the connection is back',
    );
  });

  for (const round of [1, 2]) {
    test(`round ${round}: what is committed in it is seen in it, and nowhere later`, async () => {
      assert.deepEqual(await ids(db), []);
      await transfer(db, 1);
      assert.deepEqual(await ids(db), [1]);
    });
  }

  test('what is rolled back in it is a savepoint', async () => {
    await transfer(db, 1);
    await assert.rejects(transfer(db, 2, true), {message: 'no'});
    await assert.rejects(transfer(db, 1), {code: '23505'});
    assert.deepEqual(await ids(db), [1]);
  });

  test('a statement that failed does not keep the next test from running', async () => {
    await assert.rejects(db.query(sql`SELECT 1 / 0`), {code: '22012'});
    await assert.rejects(ids(db), {code: '25P02'});
  });

  test('it is a transaction, with all that those have', async () => {
    assert.equal(isTransaction(db), true);
    assert.ok('queryStream' in db);
    const streamed: unknown[] = [];
    for await (const row of db.queryStream(sql`SELECT 1 AS one`)) streamed.push(row);
    assert.deepEqual(streamed, [{one: 1}]);
    assert.equal(await db.task(async (connection) => (await ids(connection)).length), 0);
  });
});

describe('outside of tests', () => {
  test('there is no transaction, and the error says so', () => {
    const db = transactionPerTest(database.db, {beforeEach: () => {}, afterEach: () => {}});
    assert.throws(() => db.query(sql`SELECT 1`), {code: 'PG_TEST_NO_TRANSACTION'});
  });

  test('a hook without a server fails with the error of the client', async () => {
    const begin: (() => Promise<void>)[] = [];
    const nowhere = database.pool({connectionString: 'postgres://127.0.0.1:1/none'});
    transactionPerTest(nowhere, {beforeEach: (fn) => begin.push(fn), afterEach: () => {}});
    await assert.rejects(async () => begin[0]?.(), {code: 'PG_CONNECT_FAILED'});
  });

  test('tests at the same time are refused instead of mixed up', async () => {
    const begin: (() => Promise<void>)[] = [];
    const end: (() => Promise<void>)[] = [];
    transactionPerTest(database.db, {
      beforeEach: (fn) => begin.push(fn),
      afterEach: (fn) => end.push(fn),
    });
    await begin[0]?.();
    await assert.rejects(async () => begin[0]?.(), {message: /one after the other/});
    await end[0]?.();
  });
});
