import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool from '@databases/pg';
import {cloneDatabase} from '@databases/pg-test';
import {addUser, emails} from './users.mjs';

/** A test with a database of its own, as the migrations left it; it is dropped when the test is over. */
function testWithDatabase(name, body) {
  test(name, {concurrency: true}, async () => {
    const database = await cloneDatabase();
    const db = createConnectionPool(database.connectionString);
    try {
      await body(db);
    } finally {
      await db.dispose();
      await database.drop();
    }
  });
}

// Both add the same user, which one database would refuse the second time.
for (const round of ['first', 'second']) {
  testWithDatabase(`a user is added, ${round} time`, async (db) => {
    await addUser(db, 'grace@example.com');
    assert.deepEqual(await emails(db), ['ada@example.com', 'grace@example.com']);
  });
}

testWithDatabase('two users cannot have one address', async (db) => {
  await assert.rejects(addUser(db, 'ada@example.com'), {code: '23505'});
});
