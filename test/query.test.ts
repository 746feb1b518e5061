import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import {useServer} from './support/server';

const postgres = useServer();

test('a query gives its rows', async () => {
  const db = createConnectionPool(postgres.url);
  assert.deepEqual(await db.query(sql`SELECT ${1}::int + 1 AS two`), [{two: 2}]);
  await db.dispose();
});
