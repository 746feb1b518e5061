/** What a query needs beside its own round trip is still done when the pool is disposed right behind it. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import {useServer} from './support/server';

const postgres = useServer({}, async (url) => {
  await using db = createConnectionPool(url);
  await db.query(sql`CREATE TYPE mood AS ENUM ('sad', 'ok')`);
});

test('a query whose result type is not known yet is answered although dispose() follows', async () => {
  const db = createConnectionPool(postgres.url);
  const rows = db.query(sql`SELECT ARRAY['sad', 'ok']::mood[] AS moods`);
  await db.dispose();
  assert.deepEqual(await rows, [{moods: ['sad', 'ok']}]);
});

test('a query whose parameter types have to be asked for is answered although dispose() follows', async () => {
  const db = createConnectionPool(postgres.url);
  const rows = db.query(sql`SELECT ${[1, 2]}::int[] AS numbers`);
  await db.dispose();
  assert.deepEqual(await rows, [{numbers: [1, 2]}]);
});

test('an array of queries that has to be sent in groups is answered although dispose() follows', async () => {
  const db = createConnectionPool(postgres.url);
  const rows = db.query([sql`SELECT 1 AS one`, sql`SELECT ${['a']}::text[] AS letters`]);
  await db.dispose();
  assert.deepEqual(await rows, [[{one: 1}], [{letters: ['a']}]]);
});
