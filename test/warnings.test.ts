/** Warnings of queries that take long, and of connections that are not given back. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {UsageError, sql} from '@databases/pg';
import type {ConnectionPoolConfig} from '@databases/pg';
import {eventually} from './support/activity';
import {useDatabase} from './support/database';

const database = useDatabase();
type Slow = Parameters<NonNullable<ConnectionPoolConfig['onSlowQuery']>>[0];

test('a query that takes slowQueryMilliseconds is told of, without its values', async () => {
  const told: Slow[] = [];
  const db = database.pool({
    slowQueryMilliseconds: 50,
    onSlowQuery: (slow) => void told.push(slow),
  });
  await db.query(sql`SELECT 1`);
  const before = told.length;
  await db.query(sql`SELECT pg_sleep(${0.06}), ${'secret'}::text`);
  await db.tx((tx) => tx.query(sql`SELECT pg_sleep(0.06)`));
  await assert.rejects(db.query(sql`SELECT pg_sleep(0.06), 1 / (random() * 0)::int`));
  const texts = told
    .slice(before)
    .map(({queryText, parameterCount}) => [queryText, parameterCount]);
  assert.deepEqual(texts.slice(0, 2), [
    ['SELECT pg_sleep($1), $2::text', 2],
    ['SELECT pg_sleep(0.06)', 0],
  ]);
  assert.ok(told.slice(before).every(({milliseconds}) => milliseconds >= 50));
  assert.ok(!JSON.stringify(told).includes('secret'));
  const patient: Slow[] = [];
  const calm = {
    slowQueryMilliseconds: 60_000,
    onSlowQuery: (slow: Slow) => void patient.push(slow),
  };
  await database.pool(calm).query(sql`SELECT 1`);
  assert.deepEqual(patient, []);
});

test('slowQueryMilliseconds: what the handler throws goes to onError, and the query succeeds', async () => {
  const errors: Error[] = [];
  const db = database.pool({
    slowQueryMilliseconds: 0,
    onError: (error) => errors.push(error),
    onSlowQuery: () => {
      throw new Error('the log is full');
    },
  });
  assert.deepEqual(await db.query(sql`SELECT 1 AS one`), [{one: 1}]);
  assert.deepEqual(
    errors.map(({message}) => message),
    ['the log is full'],
  );
});

test('who holds a connection for leakWarningMilliseconds is told of once, and where he took it', async () => {
  const errors: Error[] = [];
  const db = database.pool({leakWarningMilliseconds: 50, onError: (error) => errors.push(error)});
  await db.tx(async function theLeak(tx) {
    await tx.query(sql`SELECT ${'secret'}::text`);
    await eventually('it is told of', () => errors.length === 1);
    const [error] = errors;
    assert.ok(error instanceof UsageError);
    assert.equal(error.code, 'PG_CONNECTION_HELD');
    assert.match(error.message, /held by a transaction for 50 ms .* last ran: SELECT \$1::text/);
    assert.match(error.message, /warnings\.test/);
    assert.doesNotMatch(error.message, /secret/);
  });
});

test('leakWarningMilliseconds: a connection that is given back in time is not told of', async () => {
  const errors: Error[] = [];
  const db = database.pool({leakWarningMilliseconds: 40, onError: (error) => errors.push(error)});
  await db.task((task) => task.query(sql`SELECT 1`));
  await db.query(sql`SELECT pg_sleep(0.1)`);
  assert.deepEqual(errors, []);
});
